/** `npm run policies`: holds every stack's objects and the repository's files to policies/, as `pulumi up` does with what it is about to apply. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { exitCode } from '../core/exit.ts';
import { InputError } from '../core/input-error.ts';
import { policyNames } from '../policies/all.ts';
import { judgeFiles, judgeObjects } from '../policies/judge.ts';
import { environmentOf, parsePolicySettings } from '../policies/settings.ts';
import { type Finding, findingText } from '../policies/verdict.ts';
import { parseFlags, refuse } from './flags.ts';
import { readObjects } from './manifests/kubernetes-objects.ts';
import { policedFiles } from './policies/policed-files.ts';
import { stacksAmong } from './stack-file.ts';

const SETTINGS = 'policies/settings.yaml';

const usage = `npm run policies [-- --file FILE [--environment NAME]] [--json]

Holds the objects of every stack (manifests/) and the files of the repository to the policies of policies/, each as strictly as
${SETTINGS} says for the stack's environment; the repository's files as in production. What is exempt is told, and refuses nothing.

  --file FILE         judge this file of Kubernetes objects instead, YAML or JSON
  --environment NAME  as strictly as this environment (default production)
  --json              print the findings as JSON

Exit codes: 0 nothing mandatory is violated, 3 something is, 2 wrong usage or a file that cannot be read, 1 anything else.`;

const options = { file: { type: 'string' }, environment: { type: 'string' }, json: { type: 'boolean' } } as const;
const { file, environment = 'production', json = false } = parseFlags(usage, options);
if (file === undefined && environment !== 'production') refuse('--environment belongs to --file', usage);

try {
  const settings = parsePolicySettings(await readFile(SETTINGS, 'utf8'), SETTINGS, policyNames);
  const today = new Date().toISOString().slice(0, 10);
  const at = (stack: string) => ({ environment: environmentOf(stack, settings), today });
  const findings: Finding[] =
    file === undefined ? [] : judgeObjects(await objectsOf([file]), settings, at(environment));
  if (file === undefined) {
    for (const stack of stacksAmong(await readdir('.'))) {
      const folder = path.join('manifests', stack);
      const files = (await readdir(folder)).map((name) => path.join(folder, name));
      findings.push(...judgeObjects(await objectsOf(files), settings, at(stack)));
    }
    findings.push(...judgeFiles(await policedFiles(), settings, at(environment)));
  }
  console.log(json ? JSON.stringify(findings, null, 2) : report(findings));
  process.exitCode = findings.some(({ level }) => level === 'mandatory') ? exitCode.refused : exitCode.ok;
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  console.error(error.message);
  process.exitCode = exitCode.usage;
}

async function objectsOf(files: readonly string[]) {
  return (await Promise.all(files.map(readObjects))).flat().map(({ fields }) => fields);
}

/** Each policy that finds something, with what it finds; last how many there are. */
function report(findings: readonly Finding[]): string {
  const found = policyNames.filter((name) => findings.some(({ policy }) => policy === name));
  const blocks = found.map((name) => {
    const its = findings.filter(({ policy }) => policy === name);
    return [name, ...its.map((each) => `  ${each.level}: ${each.subject} ${findingText(each)}`)].join('\n');
  });
  const refused = findings.filter(({ level }) => level === 'mandatory').length;
  return [
    ...blocks,
    `${policyNames.length} policies: ${refused} mandatory and ${findings.length - refused} advisory findings`,
  ].join('\n\n');
}
