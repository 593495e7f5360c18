import { type Document, isMap, isNode, isPair, LineCounter, type Node, parseDocument } from 'yaml';
import type { Fault } from './input-error.ts';
import type { PartialJudge } from './judge/settings.ts';
import { lazily } from './lazily.ts';
import type {
  Notify,
  PodResources,
  Retirement,
  Retraining,
  Role,
  StationRules,
  Success,
  Team,
  TrainedModel,
  Training,
} from './plan-types.ts';
import { refuseDeepNesting } from './yaml-nesting.ts';

/** A plan's file with the positions of everything in it. */
export type PlanDocument = YamlSource;

/** A document of a YAML file with the positions of everything in it; `file` is its name in messages. */
export type YamlSource = { document: Document.Parsed; lines: LineCounter; file: string };

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
  trainings?: (Omit<Training, 'at' | 'minutes'> & { at?: string; minutes?: number })[];
  stations?: Partial<StationRules>;
  success?: { accuracy?: string; outcome?: string; latency?: number; feedback?: Success['feedback'] };
  arms?: WrittenArms;
  rollback?: { accuracy?: string; latency?: number };
  gates?: Record<string, { threshold: number }>;
  judge?: WrittenJudge;
  resources?: Partial<Record<'serving' | 'training', Partial<PodResources>>>;
  retraining?: Pick<Retraining, 'days' | 'from' | 'to'> & { zone?: string; model?: TrainedModel; history?: string };
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
  gates?: Record<string, { threshold: number }>;
  by?: Role;
  on_call?: Role[];
};
export type WrittenArms = { default: string; expected: string; shares: Record<string, string> };
export type WrittenFreeze = { name: string; from: string; to: string; zone?: string };

export type Path = readonly (string | number)[];

/** A fault at a value, or at a key of the mapping that `path` names. */
export function faultAt(
  source: PlanDocument,
  path: Path,
  { message, fix, key }: { message: string; fix: string; key?: string },
): Fault {
  return { place: placeAt(source, path, key), message, fix };
}

/** `file:line:column path` of a value of a plan; the file is parsed when one is first asked for. */
export type PlaceOf = (path: Path) => string;

/** For faults that show only beside the plan's file. */
export function placesIn(text: string, file: string): PlaceOf {
  const source = lazily(() => planDocument(text, file));
  return (path) => placeAt(source(), path, undefined);
}

/** The text as YAML; what it cannot be is in the document's errors. Throws an InputError where it nests too deeply to be read at all. */
export function planDocument(text: string, file: string): PlanDocument {
  refuseDeepNesting(text, file);
  const lines = new LineCounter();
  return { document: parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true }), lines, file };
}

function placeAt({ document, lines, file }: PlanDocument, path: Path, key: string | undefined): string {
  const { line, col } = lines.linePos(offsetOf(document, path, key));
  return `${file}:${line}:${col} ${pathText(key === undefined ? path : [...path, key]) || 'plan'}`;
}

/** As people write it: phases[1].for. */
export function pathText(path: Path): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '');
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
