import type { ErrorObject } from 'ajv/dist/2020.js';
import { didYouMean, nearest } from './did-you-mean.ts';
import { fixedGates } from './gate.ts';
import type { Fault } from './input-error.ts';
import { faultAt, type Path, type PlanDocument } from './plan-file.ts';

/** What ajv found, in words a plan's author can act on; each fault once. */
export function schemaFaults(source: PlanDocument, errors: readonly ErrorObject[]): Fault[] {
  return errors.filter((error) => isOwnFault(error, errors)).map((error) => schemaFault(source, error));
}

/** Ajv also reports what only follows: each branch of an alternative that it tried, and a wrong name a second time as its parent's fault. */
function isOwnFault({ keyword, schemaPath, instancePath, params }: ErrorObject, errors: readonly ErrorObject[]) {
  if (keyword === 'propertyNames' || /\/oneOf\/\d/.test(schemaPath)) return false;
  if (keyword !== 'oneOf') return true;
  const told = (by: string) => errors.some((other) => other.keyword === by && other.instancePath === instancePath);
  // Of no kind because it is no mapping, or because its key is misspelt: that is said already.
  if (told('type')) return false;
  return params.passingSchemas !== null || !told('additionalProperties');
}

type Words = { message: string; fix: string; key?: string; item?: number };

function schemaFault(source: PlanDocument, error: ErrorObject): Fault {
  const path = error.instancePath.split('/').slice(1).map(unescapePointer);
  const { item, ...words } = (wordsBy[error.keyword] ?? otherwise)(error, path);
  return faultAt(source, item === undefined ? path : [...path, item], words);
}

function unescapePointer(part: string): string | number {
  const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
  return /^\d+$/.test(name) ? Number(name) : name;
}

const wordsBy: Record<string, (error: ErrorObject, path: Path) => Words> = {
  additionalProperties: ({ params, parentSchema }, path) => {
    const key = String(params.additionalProperty);
    if (path.at(-1) === 'gates' && fixedGates.includes(key)) return { key, ...fixedLimit };
    return { key, message: `"${key}" is not known here`, fix: didYouMean(key, Object.keys(knownOf(parentSchema))) };
  },
  required: (error) => {
    const missing = String(error.params.missingProperty);
    const described = knownOf(error.parentSchema)[missing]?.description ?? 'see the schema';
    return { message: `"${missing}" is missing`, fix: `add ${missing}: ${described}` };
  },
  oneOf: (error, path) => ({
    message: path[0] === 'phases' ? 'a phase is of one kind' : 'stations are chosen by one thing',
    fix: `write exactly one of ${alternatives(error).join(', ')}`,
  }),
  pattern: (error) => ({
    ...(error.propertyName === undefined ? {} : { key: error.propertyName }),
    message: `${JSON.stringify(error.propertyName ?? error.data)} is not valid`,
    fix: patternFix(error),
  }),
  type: (error, path) =>
    path.length === 0 && error.data === null
      ? { message: 'the file says nothing', fix: 'write a plan; rollouts/forecast.yaml is one' }
      : { message: `${written(error)} is not ${a(error.schema)}`, fix: typeFix(error) },
  minimum: (error) => ({ message: `${written(error)} ${error.message}`, fix: `write ${error.schema}` }),
  maximum: (error) => ({ message: `${written(error)} ${error.message}`, fix: `write ${error.schema}` }),
  exclusiveMinimum: (error) => beyond(error, 'above'),
  exclusiveMaximum: (error) => beyond(error, 'below'),
  enum: (error) => ({ message: `${written(error)} is not known here`, fix: enumFix(error) }),
  minLength: (error) => ({
    message: `${written(error)} says too little`,
    fix: Number(error.schema) < 10 ? 'write it out' : 'write the reason in a sentence',
  }),
  maxLength: ({ data, schema }) => ({
    message: `${String(data).length} characters, and ${schema} are the most`,
    fix: 'shorten it',
  }),
  minItems: (error) => tooFew(error),
  maxItems: (error) => tooMany(error),
  minProperties: (error) => tooFew(error),
  maxProperties: (error) => tooMany(error),
  uniqueItems: ({ data, params: { i, j } }) => ({
    item: Math.max(i, j),
    message: `${JSON.stringify(Object(data)[i])} is at [${Math.min(i, j)}] already`,
    fix: 'remove one of the two',
  }),
};

const fixedLimit = {
  message: 'the limit of this gate is fixed: the statistics give it, or anything beyond it is a defect',
  fix: 'remove it; the gate judges every phase all the same',
};

function otherwise(error: ErrorObject): Words {
  return { message: `${written(error)} ${error.message}`, fix: 'see the schema' };
}

/** As a file has it: JSON has no number that is infinite or none. */
function written({ data }: ErrorObject): string {
  if (typeof data !== 'number' || Number.isFinite(data)) return JSON.stringify(data);
  return Number.isNaN(data) ? '.nan' : `${data < 0 ? '-' : ''}.inf`;
}

function tooFew({ data, schema }: ErrorObject): Words {
  return { message: `${count(data)}, and ${schema} is the least`, fix: `write ${schema} or more` };
}

function tooMany({ data, schema }: ErrorObject): Words {
  return { message: `${count(data)}, and ${schema} are the most`, fix: 'remove some' };
}

function count(data: unknown): string {
  const { length } = Object.keys(Object(data));
  return length === 1 ? '1 entry' : `${length} entries`;
}

function beyond(error: ErrorObject, side: 'above' | 'below'): Words {
  return { message: `${written(error)} ${error.message}`, fix: `write a number ${side} ${error.schema}` };
}

function knownOf(schema: ErrorObject['parentSchema']): Record<string, { description?: string }> {
  return schema?.properties ?? {};
}

function alternatives({ schema }: ErrorObject): string[] {
  return Array.isArray(schema) ? schema.flatMap(({ required = [] }: { required?: string[] }) => required) : [];
}

function patternFix({ parentSchema, schema }: ErrorObject): string {
  const pattern = String(schema);
  if (pattern.includes('[dh]')) return 'write whole days or hours like 14d or 24h';
  if (pattern.includes('%')) return 'write a share from 1% to 100%';
  if (pattern.includes('sha256')) return 'write sha256: and 64 hex digits';
  const examples: string[] = parentSchema?.examples ?? [];
  return examples.length === 0 ? `it must match ${pattern}` : `write it like ${examples.join(' or ')}`;
}

function enumFix({ data, params }: ErrorObject): string {
  const allowed: string[] = params.allowedValues;
  const meant = nearest(String(data), allowed);
  return meant === undefined ? `write ${allowed.join(' or ')}` : `did you mean "${meant}"?`;
}

function typeFix({ schema, data, parentSchema }: ErrorObject): string {
  const pattern = String(parentSchema?.pattern ?? '');
  if (typeof data === 'number' && pattern.includes('%')) return `write ${data}%`;
  if (typeof data === 'number' && pattern.includes('[dh]')) return `write ${data}d or ${data}h`;
  // What YAML takes for a number or for true and false is a text between quotes.
  if (schema === 'string' && ['number', 'boolean'].includes(typeof data) && new RegExp(pattern).test(String(data)))
    return `write "${data}"`;
  if (schema === 'object' && typeof data === 'string' && 'id' in knownOf(parentSchema)) return `write { id: ${data} }`;
  const examples: string[] = parentSchema?.examples ?? [];
  if (examples.length > 0)
    return `write ${a(schema)} like ${examples.map((each) => JSON.stringify(each)).join(' or ')}`;
  return `write ${a(schema)}`;
}

function a(type: unknown): string {
  return /^[aeio]/.test(String(type)) ? `an ${type}` : `a ${type}`;
}
