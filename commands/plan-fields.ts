/** `npm run plan:fields`: writes what is generated from core/plan.schema.json; `--check` only compares. */
import { readFile, writeFile } from 'node:fs/promises';
import { exitCode } from '../core/exit.ts';
import schema from '../core/plan.schema.json' with { type: 'json' };
import { parseFlags } from './flags.ts';
import { validatorCode } from './plan-fields/validator.ts';

const usage = `npm run plan:fields [-- --check]   writes docs/plan-fields.md and core/plan-validator.mjs from core/plan.schema.json, or checks that they are fresh

Exit codes: 0 written or fresh, 1 not fresh, 2 wrong usage.`;
const flags = parseFlags(usage, { check: { type: 'boolean' } });

/** The part of JSON Schema that describes a field. */
type Field = {
  description?: string;
  $ref?: string;
  type?: string;
  enum?: readonly string[];
  pattern?: string;
  examples?: readonly string[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  properties?: Record<string, Field>;
  required?: readonly string[];
  items?: Field;
  additionalProperties?: boolean | Field;
};

const definitions: Record<string, Field> = schema.$defs;

/** A field with what it refers to; what stands beside a reference is nearer than what it refers to. */
function resolved({ $ref, ...field }: Field): Field {
  return $ref === undefined ? field : { ...resolved(definitions[$ref.replace('#/$defs/', '')] ?? {}), ...field };
}

function rowsOf(path: string, given: Field, is_required: boolean): string[] {
  const field = resolved(given);
  const inner = field.items === undefined ? field : resolved(field.items);
  const below = field.items === undefined ? path : `${path}[]`;
  const row = `| \`${path}\`${is_required ? ' *' : ''} | ${formOf(field)} | ${defaultOf(field)} | ${field.description ?? ''} |`;
  return [row, ...fieldsOf(below, inner)];
}

function fieldsOf(path: string, { properties = {}, required = [] }: Field): string[] {
  return Object.entries(properties).flatMap(([name, field]) =>
    rowsOf(path === '' ? name : `${path}.${name}`, field, required.includes(name)),
  );
}

function formOf({ type, enum: values, pattern, items, examples, ...bounds }: Field): string {
  if (examples !== undefined) return examples.map((example) => `\`${example}\``).join(' or ');
  if (values !== undefined) return values.map((value) => `\`${value}\``).join(', ');
  if (items !== undefined) return `list of ${formOf(resolved(items))}`;
  if (pattern !== undefined) return `\`${pattern.replaceAll('|', '\\|')}\``;
  return [type ?? 'text', rangeOf(bounds)].filter((part) => part !== '').join(' ');
}

function rangeOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Field): string {
  const from = minimum === undefined ? exclusiveMinimum && `above ${exclusiveMinimum}` : `from ${minimum}`;
  const to = maximum === undefined ? exclusiveMaximum && `below ${exclusiveMaximum}` : `to ${maximum}`;
  return [from, to].filter((part) => part !== undefined).join(' ');
}

function defaultOf({ default: value }: Field): string {
  return value === undefined ? '' : `\`${String(value)}\``;
}

const page = `# Fields of a plan

Generated from \`core/plan.schema.json\` by \`npm run plan:fields\`; do not edit. \`*\`: required. What the schema cannot say (order, dates,
names that must exist) is checked by \`npm run plan -- --file FILE\`. [What the fields are for](plan.md).

| field | form | default | meaning |
| --- | --- | --- | --- |
${fieldsOf('', schema).join('\n')}
`;

const generated = { 'docs/plan-fields.md': page, 'core/plan-validator.mjs': validatorCode() };
for (const [file, text] of Object.entries(generated)) {
  if (!flags.check) await writeFile(file, text);
  else if ((await readFile(file, 'utf8').catch(() => '')) !== text) {
    console.error(`${file} is not what core/plan.schema.json says; run: npm run plan:fields`);
    process.exitCode = exitCode.failure;
  }
}
