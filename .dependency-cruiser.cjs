/**
 * The arrows between folders: core <- everything, commands -> everything, nothing else.
 * Two parts that need the same thing share it through core/.
 */
const parts = ['analysis', 'bench', 'lab', 'model-server', 'policies', 'scorer', 'stacks', 'telemetry'];

module.exports = {
  forbidden: [
    {
      name: 'core-is-pure',
      severity: 'error',
      comment: 'core/ imports no other folder',
      from: { path: '^core/', pathNot: '[.]test[.]ts$' },
      to: { path: `^(${[...parts, 'commands', 'test'].join('|')})/` },
    },
    {
      name: 'core-does-no-io',
      severity: 'error',
      comment:
        'core/ does no I/O; hashing bytes, and loading a package when it is asked for, are the builtins it needs',
      from: { path: '^core/', pathNot: '[.]test[.]ts$' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|module)$' },
    },
    ...parts.map((part) => ({
      name: `${part}-stands-alone`,
      severity: 'error',
      comment: `${part}/ imports only core/ and packages`,
      from: { path: `^${part}/` },
      to: { path: `^(${[...parts.filter((other) => other !== part), 'commands'].join('|')})/` },
    })),
    {
      name: 'nothing-imports-commands',
      severity: 'error',
      from: { pathNot: '^(commands|test)/' },
      to: { path: '^commands/' },
    },
    { name: 'nothing-imports-test', severity: 'error', from: { pathNot: '^test/' }, to: { path: '^test/' } },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'node_modules|^out/' },
  },
};
