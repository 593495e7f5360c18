import { parseHours } from './duration.ts';
import { armsOf } from './plan-arms.ts';
import type { WrittenPlan } from './plan-file.ts';
import { percentOf } from './plan-steps.ts';
import type { Freeze, Plan, PodResources, Retraining, Success } from './plan-types.ts';

/** The strategy's numbers, for whoever writes none. */
const defaultSuccess = { accuracy: '15%', outcome: '10%', latency: 10 };
const defaultResources: PodResources = { cpu: '1', memory: '1Gi', gpus: 0, node_pool: null };
export const DEFAULT_RETAIN = '730d';
export const defaultRetraining = { model: 'all', history: '180d' } as const;
const defaultTraining = { at: '10:00', minutes: 60 };

/** What a file says beside its phases, its gates and its judge, with every default. */
export function settingsOf(written: WrittenPlan) {
  const { calendar, trainings = [], stations, resources, retraining } = written;
  return {
    calendar: calendar === undefined ? null : { ...utc, ...calendar },
    freezes: freezesOf(written),
    team: written.team ?? {},
    notify: written.notify ?? [],
    trainings: trainings.map((training) => ({ ...defaultTraining, ...training })),
    stations: { inventory: null, pinned: [], kept_out: [], ...stations },
    success: successOf(written),
    arms: written.arms === undefined ? null : armsOf(written.arms),
    resources: {
      serving: { ...defaultResources, ...resources?.serving },
      training: { ...defaultResources, ...resources?.training },
    },
    retraining: retraining === undefined ? null : retrainingOf(retraining),
    evidence: { retain_hours: parseHours(written.evidence?.retain ?? DEFAULT_RETAIN) },
    acknowledge: written.acknowledge ?? {},
  } satisfies Partial<Plan>;
}

function retrainingOf(written: NonNullable<WrittenPlan['retraining']>): Retraining {
  const { history, ...rest } = { ...utc, ...defaultRetraining, ...written };
  return { ...rest, history_hours: parseHours(history) };
}

const utc = { zone: 'UTC' };

/** The windows, each with its zone. */
export function freezesOf({ freezes = [] }: Pick<WrittenPlan, 'freezes'>): Freeze[] {
  return freezes.map((freeze) => ({ ...utc, ...freeze }));
}

function successOf({ success }: WrittenPlan): Success {
  const { accuracy, outcome, latency, feedback = null } = { ...defaultSuccess, ...success };
  return { accuracy_percent: percentOf(accuracy), outcome_percent: percentOf(outcome), latency_ms: latency, feedback };
}
