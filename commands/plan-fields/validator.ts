import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import schema from '../../core/plan.schema.json' with { type: 'json' };

/** Code of core/plan-validator.mjs: what ajv makes of the schema, which takes it longer than checking a plan (docs/plan-speed.md). */
export function validatorCode(): string {
  const ajv = new Ajv2020({
    ...{ allErrors: true, verbose: true, strict: true, strictRequired: false },
    code: { source: true, esm: true, lines: true },
    schemas: [schema],
  });
  const code = standalone.default(ajv, { isPlan: schema.$id });
  return `// @ts-nocheck
// Generated from core/plan.schema.json by \`npm run plan:fields\`; do not edit.
${imported(code)}`;
}

/** Ajv writes modules that still require their few functions, which Node and vitest import in two forms. */
function imported(code: string): string {
  const found = code.replaceAll(
    /const (\w+) = require\("([^"]+)"\)\.default;/g,
    'import $1_module from "$2.js"; const $1 = $1_module.default ?? $1_module;',
  );
  if (found.includes('require(')) throw new Error('ajv writes its imports in a form that is not known here');
  return found;
}
