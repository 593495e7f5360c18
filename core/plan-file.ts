import type { ErrorObject } from 'ajv/dist/2020.js';
import { type Document, isMap, isNode, isPair, type LineCounter, type Node } from 'yaml';
import type { Fault } from './input-error.ts';
import type { PartialJudge } from './judge/settings.ts';
import type {
  Notify,
  PodResources,
  Retirement,
  Retraining,
  Role,
  StationRules,
  Success,
  Team,
  Training,
} from './plan-types.ts';

/** A plan's file with the positions of everything in it. */
export type PlanDocument = { document: Document.Parsed; lines: LineCounter; file: string };

/** A plan as its file writes it, once the schema holds. */
export type WrittenPlan = {
  service: string;
  owner: string;
  runbook: string;
  replicas: number;
  calendar?: { start: string; zone?: string };
  phases: WrittenPhase[];
  freezes?: WrittenFreeze[];
  team?: Team;
  notify?: Notify[];
  trainings?: (Omit<Training, 'minutes'> & { minutes?: number })[];
  stations?: Partial<StationRules>;
  success?: { accuracy?: string; outcome?: string; latency?: number; feedback?: Success['feedback'] };
  arms?: WrittenArms;
  rollback?: { accuracy?: string; latency?: number };
  gates?: Record<string, { threshold: number }>;
  judge?: WrittenJudge;
  resources?: Partial<Record<'serving' | 'training', Partial<PodResources>>>;
  retraining?: Omit<Retraining, 'zone'> & { zone?: string };
  evidence?: { retain: string };
  acknowledge?: Record<string, string>;
  rehearsal: { shadow: string; ramp: string };
};
export type WrittenJudge = Omit<PartialJudge, 'truth_delay_hours' | 'accepted_loss'> & {
  truth_delay?: string;
  accepted_loss?: string;
};
/** One of its six kinds; the schema says which fields go with it. */
export type WrittenPhase = {
  prepare?: string[];
  shadow?: string;
  ramp?: string;
  hold?: string;
  retire?: Partial<Retirement>;
  assess?: string;
  for: string;
  by?: Role;
  on_call?: Role[];
};
export type WrittenArms = { default: string; expected: string; shares: Record<string, string> };
export type WrittenFreeze = { name: string; from: string; to: string; zone?: string };

type Path = readonly (string | number)[];

/** A fault at a value, or at a key of the mapping that `path` names. */
export function faultAt(
  source: PlanDocument,
  path: Path,
  fault: { message: string; fix: string; key?: string },
): Fault {
  const { line, col } = source.lines.linePos(offsetOf(source.document, path, fault.key));
  const full = [...path, ...(fault.key === undefined ? [] : [fault.key])];
  const where = full.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
  const place = `${source.file}:${line}:${col} ${where.replace(/^\./, '') || 'plan'}`;
  return { place, message: fault.message, fix: fault.fix };
}

function offsetOf(document: Document.Parsed, path: Path, key: string | undefined): number {
  const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
  if (key !== undefined && isMap(node)) {
    const found = node.items.find((pair) => isPair(pair) && isNode(pair.key) && String(pair.key) === key);
    if (found !== undefined && isNode(found.key)) return startOf(found.key);
  }
  return isNode(node) ? startOf(node) : 0;
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

/** What ajv found, in words a plan's author can act on. */
export function schemaFault(source: PlanDocument, error: ErrorObject): Fault {
  const path = error.instancePath.split('/').slice(1).map(unescapePointer);
  const written = JSON.stringify(error.data);
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(error.params.additionalProperty);
      const known = Object.keys(knownOf(error.parentSchema));
      return faultAt(source, path, { key, message: `"${key}" is not known here`, fix: didYouMean(key, known) });
    }
    case 'required': {
      const missing = String(error.params.missingProperty);
      return faultAt(source, path, {
        message: `"${missing}" is missing`,
        fix: `add ${missing}: ${described(error, missing)}`,
      });
    }
    case 'oneOf':
      return faultAt(source, path, {
        message: oneOfMessage(path),
        fix: `write exactly one of ${alternatives(error).join(', ')}`,
      });
    case 'pattern':
      if (error.propertyName !== undefined) return nameFault(source, path, error.propertyName, String(error.schema));
      return faultAt(source, path, { message: `${written} is not valid`, fix: patternFix(path, String(error.schema)) });
    case 'type':
      return faultAt(source, path, { message: `${written} is not ${a(error.schema)}`, fix: typeFix(error) });
    case 'minimum':
    case 'maximum':
      return faultAt(source, path, { message: `${written} ${error.message}`, fix: `write ${error.schema}` });
    case 'exclusiveMinimum':
    case 'exclusiveMaximum': {
      const side = error.keyword === 'exclusiveMinimum' ? 'above' : 'below';
      return faultAt(source, path, {
        message: `${written} ${error.message}`,
        fix: `write a number ${side} ${error.schema}`,
      });
    }
    case 'enum':
      return faultAt(source, path, {
        message: `${written} is not known here`,
        fix: `write ${error.params.allowedValues.join(' or ')}`,
      });
    case 'minProperties':
    case 'maxProperties': {
      const [few, least] = error.keyword === 'minProperties' ? ['few', 'least'] : ['many', 'most'];
      const told = Object.keys(Object(error.data)).join(', ');
      return faultAt(source, path, { message: `${told} are too ${few}`, fix: `write at ${least} ${error.schema}` });
    }
    case 'minLength':
      return faultAt(source, path, { message: `${written} says too little`, fix: 'write the reason in a sentence' });
    default:
      return faultAt(source, path, { message: `${written} ${error.message}`, fix: 'see the schema' });
  }
}

/** A key that cannot be one. */
function nameFault(source: PlanDocument, path: Path, key: string, pattern: string): Fault {
  return faultAt(source, path, { key, message: `"${key}" cannot be a name here`, fix: `it must match ${pattern}` });
}

function oneOfMessage(path: Path): string {
  return path[0] === 'phases' ? 'a phase is of one kind' : 'stations are chosen by one thing';
}

function alternatives({ schema }: ErrorObject): string[] {
  return Array.isArray(schema) ? schema.flatMap(({ required = [] }: { required?: string[] }) => required) : [];
}

function unescapePointer(part: string): string | number {
  const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
  return /^\d+$/.test(name) ? Number(name) : name;
}

function knownOf(schema: ErrorObject['parentSchema']): Record<string, { description?: string }> {
  return schema?.properties ?? {};
}

function described(error: ErrorObject, property: string): string {
  return knownOf(error.parentSchema)[property]?.description ?? 'see the schema';
}

function patternFix(path: Path, pattern: string): string {
  if (pattern.includes('[dh]')) return 'write whole days or hours like 14d or 24h';
  if (pattern.includes('%')) return 'write a share from 1% to 100%';
  if (path.at(-1) === 'currency') return 'write three capitals like EUR';
  return path[0] === 'runbook' ? 'write an https address or the path of a .md file' : `it must match ${pattern}`;
}

function typeFix({ schema, data, parentSchema }: ErrorObject): string {
  const pattern = String(parentSchema?.pattern ?? '');
  if (typeof data === 'number' && pattern.includes('%')) return `write ${data}%`;
  if (typeof data === 'number' && pattern.includes('[dh]')) return `write ${data}d or ${data}h`;
  return `write ${a(schema)}`;
}

function a(type: unknown): string {
  return /^[aeio]/.test(String(type)) ? `an ${type}` : `a ${type}`;
}

export function didYouMean(word: string, known: readonly string[]): string {
  const ranked = known
    .map((name) => ({ name, distance: distance(word, name) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best !== undefined && best.distance <= Math.max(2, word.length / 3)
    ? `did you mean "${best.name}"?`
    : `known: ${known.join(', ')}`;
}

/** Edits from one word to another. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries())
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)));
    row = next;
  }
  return row[b.length] ?? a.length;
}
