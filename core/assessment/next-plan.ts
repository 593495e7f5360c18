import { type Document, parseDocument } from 'yaml';
import { parsePlan } from '../plan.ts';
import type { AccuracyReport } from './accuracy.ts';
import type { Stated } from './assumptions.ts';
import type { Criterion } from './criteria.ts';
import { leastScores } from './people.ts';

export type PlanChange = { field: string; from: string; to: string; because: string };

/** A draft of the next phase's plan: the plan as it was, with what the evidence changes in it. */
export type NextPlan = { yaml: string; changes: PlanChange[]; steps: string[] };

/** Longer shadow for whoever could not conclude: the interval narrows with the square root of the days. */
const LONG_SHADOW_HOURS = 28 * 24;
const SMALL_FIRST_RAMP = 5;
/** A station is worse off where its error rose by more than this. */
export const WORSE_STATION = 0.05;
const WORSE_SHARE = 0.1;

type Evidence = {
  plan: { text: string; file: string };
  criteria: readonly Criterion[];
  accuracy: AccuracyReport;
  latency_tolerance: Stated;
};

export function worseShare({ stations }: AccuracyReport): number {
  return stations.length === 0 ? 0 : stations.filter(({ change }) => change > WORSE_STATION).length / stations.length;
}

/** Throws an InputError where the plan itself is invalid. */
export function nextPlan({ plan, criteria, accuracy, latency_tolerance }: Evidence): NextPlan {
  const current = parsePlan(plan.text, plan.file);
  const document = parseDocument(plan.text);
  const changes: PlanChange[] = [];
  const set = (path: (string | number)[], to: string | number, because: string) => {
    const from: unknown = document.getIn(path);
    document.setIn(path, to);
    const field = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
    changes.push({
      field: field.slice(1),
      from: from === undefined ? 'not set' : String(from),
      to: String(to),
      because,
    });
  };
  const answer = (name: Criterion['name']) => criteria.find((criterion) => criterion.name === name)?.answer;

  const [shadow, ramp] = (['shadow', 'ramp'] as const).map((kind) =>
    current.steps.findIndex((step) => step.kind === kind),
  );
  if (shadow !== undefined && answer('accuracy') !== 'met' && (current.steps[shadow]?.hours ?? 0) < LONG_SHADOW_HOURS)
    set(
      ['phases', shadow, 'for'],
      '28d',
      'the accuracy goal was not proven: four weeks of shadow show a smaller difference',
    );
  const share = worseShare(accuracy);
  const first_percent = current.phases.find(({ kind }) => kind === 'ramp')?.weight_percent ?? 0;
  if (ramp !== undefined && share > WORSE_SHARE && first_percent > SMALL_FIRST_RAMP)
    set(
      ['phases', ramp, 'ramp'],
      `${SMALL_FIRST_RAMP}%`,
      `the error rose by more than ${100 * WORSE_STATION} % at ${(100 * share).toFixed(0)} % of the stations: fewer meet the next release first`,
    );
  if (answer('latency') === 'not met' && latency_tolerance.value > 0)
    for (const path of latencyLimits(document, latency_tolerance.value))
      set(path, latency_tolerance.value, 'latency rose by more than is tolerated, within the gate');

  const yaml = `${heading(changes)}${document.toString({ lineWidth: 140 })}`;
  // What is drafted here must be accepted there.
  parsePlan(yaml, 'the drafted plan');
  return { yaml, changes, steps: steps(answer, leastScores(current.success)) };
}

/** Every limit of latency that a plan writes and that allows more, for they must not contradict each other; the gate's where it writes none. */
function latencyLimits(document: Document.Parsed, tolerance_ms: number): string[][] {
  const gate = ['gates', 'latency', 'threshold'];
  const written = [gate, ['rollback', 'latency'], ['success', 'latency']].filter((path) => document.hasIn(path));
  const looser = written.filter((path) => Number(document.getIn(path)) > tolerance_ms);
  return looser.length > 0 ? looser : [gate];
}

function heading(changes: readonly PlanChange[]): string {
  const lines = changes.map(({ field, from, to, because }) => `#   ${field}: ${from} -> ${to}, because ${because}`);
  const what = lines.length === 0 ? ['#   nothing: the evidence asks for no other limits or lengths'] : lines;
  return `${['# Draft of the next phase, written by npm run assess. What it changes in the plan that was carried out:', ...what].join('\n')}\n`;
}

/** What people do next; the plan's durations and limits are in the plan. */
function steps(answer: (name: Criterion['name']) => Criterion['answer'] | undefined, least_scores: number): string[] {
  const allMet = (['accuracy', 'user-relevant', 'latency', 'feedback'] as const).every(
    (name) => answer(name) === 'met',
  );
  const accuracy = {
    met: allMet
      ? 'Retire the earlier release: keep its artefact in the registry for a rollback, remove its pods and its alerts.'
      : 'Keep the earlier release ready: accuracy alone does not retire it, the other criteria are not met or cannot be concluded yet.',
    'not met':
      'Do not release a variation of the same model: find the stations and leads where it loses (tables above) and change the model first.',
    'cannot be concluded':
      'Run the same comparison with the earlier release forecasting beside the later one, so that both are compared on the same days.',
  };
  const relevant = {
    met: [],
    'not met': [
      'Look at what the forecasts are used for: errors fell or rose without a worthwhile effect on the energy cost.',
    ],
    'cannot be concluded': [
      'State the tariff, and record energy cost for three months, before the next release is judged by it.',
    ],
  };
  const latency = {
    met: [],
    'not met': ['Profile the server before the next release: batch calls, quantise the model, or give it more CPU.'],
    'cannot be concluded': ['Record latency in both windows.'],
  };
  const feedback = {
    met: [],
    'not met': [
      'Read the texts of the feedback with the people who gave it, before anything else is released to them.',
    ],
    'cannot be concluded': [`Ask for feedback from the first day of the ramp: ${least_scores} scores are needed.`],
  };
  return [
    accuracy[answer('accuracy') ?? 'cannot be concluded'],
    ...relevant[answer('user-relevant') ?? 'cannot be concluded'],
    ...latency[answer('latency') ?? 'cannot be concluded'],
    ...feedback[answer('feedback') ?? 'cannot be concluded'],
  ];
}

/** Days that an interval would need to be this narrow, by the square root law; null without an interval. */
export function daysNeeded(width: number, days: number, half_width: number): number | null {
  return width > 0 ? Math.ceil(days * (width / (2 * half_width)) ** 2) : null;
}
