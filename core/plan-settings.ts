import { parseHours } from './duration.ts';
import { armsOf } from './plan-arms.ts';
import type { WrittenPlan } from './plan-file.ts';
import { percentOf } from './plan-steps.ts';
import type { Plan, PodResources, Success } from './plan-types.ts';

/** The strategy's numbers, for whoever writes none. */
const defaultSuccess = { accuracy: '15%', outcome: '10%', latency: 10 };
const defaultResources: PodResources = { cpu: '1', memory: '1Gi', gpus: 0, node_pool: null };
const DEFAULT_RETAIN = '730d';
const defaultTraining = { at: '10:00', minutes: 60 };

/** What a file says beside its phases, its gates and its judge, with every default. */
export function settingsOf(written: WrittenPlan) {
  const { calendar, freezes = [], trainings = [], stations, resources, retraining } = written;
  return {
    calendar: calendar === undefined ? null : { ...utc, ...calendar },
    freezes: freezes.map((freeze) => ({ ...utc, ...freeze })),
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
    retraining: retraining === undefined ? null : { ...utc, ...retraining },
    evidence: { retain_hours: parseHours(written.evidence?.retain ?? DEFAULT_RETAIN) },
    acknowledge: written.acknowledge ?? {},
  } satisfies Partial<Plan>;
}

const utc = { zone: 'UTC' };

function successOf({ success }: WrittenPlan): Success {
  const { accuracy, outcome, latency, feedback = null } = { ...defaultSuccess, ...success };
  return { accuracy_percent: percentOf(accuracy), outcome_percent: percentOf(outcome), latency_ms: latency, feedback };
}
