import { leastWindowMinutes } from '../plan-retraining.ts';
import type { Plan, Retraining } from '../plan-types.ts';
import { roles, trainerEnv } from '../workload.ts';
import { type Metadata, metadataOf } from './metadata.ts';
import { modelStore, podSpec, REGISTRY_FOLDER, registryMount } from './pod.ts';
import { containerResources, placement } from './resources.ts';
import type { Target } from './target.ts';

/** `batch/v1`, in the part that is used here. */
export type CronJob = {
  apiVersion: 'batch/v1';
  kind: 'CronJob';
  metadata: Metadata;
  spec: {
    schedule: string;
    timeZone: string;
    suspend: boolean;
    concurrencyPolicy: 'Forbid';
    startingDeadlineSeconds: number;
    successfulJobsHistoryLimit: number;
    failedJobsHistoryLimit: number;
    jobTemplate: { spec: JobSpec };
  };
};
type JobSpec = ReturnType<typeof jobSpec>;

/** Of the window, what may pass before a training begins; the rest is what it may take. */
const LATE_SHARE = 1 / 4;
/** A week: whoever looks after it on Monday still finds its log. */
const KEPT_S = 7 * 24 * 3600;
/** Exit code of wrong settings, which a second try does not mend (core/exit.ts). */
const USAGE = 2;
const numberOfDay = { sun: 0, mon: 1, tue: 2, wed: 3, thu: 4, fri: 5, sat: 6 };

/** The job that trains a model again in the plan's off-peak hours, if any. docs/decisions/retraining.md */
export function retrainingJob(plan: Plan, target: Target): CronJob[] {
  const { retraining } = plan;
  if (retraining === null) return [];
  const window_s = 60 * leastWindowMinutes(retraining);
  const late_s = Math.floor(LATE_SHARE * window_s);
  return [
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: metadataOf(plan, target, `${plan.service}-retraining`),
      spec: {
        schedule: scheduleOf(retraining),
        timeZone: retraining.zone,
        // A rehearsal's hours pass in seconds, and no training belongs to it.
        suspend: target.time.phases === 'rehearsal',
        concurrencyPolicy: 'Forbid',
        startingDeadlineSeconds: late_s,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 3,
        jobTemplate: { spec: jobSpec(plan, target, retraining, window_s - late_s) },
      },
    },
  ];
}

/** Days between one training and the next, at most. */
export function longestGapDays(days: Retraining['days']): number {
  const numbers = days.map((day) => numberOfDay[day]).toSorted((a, b) => a - b);
  return Math.max(...numbers.map((day, index) => (numbers[index + 1] ?? (numbers[0] ?? 0) + 7) - day));
}

function scheduleOf({ days, from }: Retraining): string {
  const [hour, minute] = from.split(':').map(Number);
  const numbers = days.map((day) => numberOfDay[day]).toSorted((a, b) => a - b);
  return `${minute} ${hour} * * ${numbers.join(',')}`;
}

function jobSpec(plan: Plan, target: Target, retraining: Retraining, most_s: number) {
  const { env, keys } = modelStore(target);
  const container = {
    name: 'trainer',
    image: target.image,
    args: [roles.train],
    env: [
      { name: trainerEnv.registry, value: REGISTRY_FOLDER },
      { name: trainerEnv.scorer_url, value: target.scorer_url },
      { name: trainerEnv.model, value: retraining.model },
      { name: trainerEnv.history_hours, value: String(retraining.history_hours) },
      ...env,
    ],
    ...keys,
    resources: containerResources(plan.resources.training),
    volumeMounts: [{ name: registryMount.name, mountPath: registryMount.mountPath }],
  };
  return {
    activeDeadlineSeconds: most_s,
    backoffLimit: 2,
    podFailurePolicy: {
      rules: [
        {
          action: 'FailJob',
          onExitCodes: { containerName: container.name, operator: 'In', values: [USAGE] },
        },
      ],
    },
    ttlSecondsAfterFinished: KEPT_S,
    template: {
      // Not the label of the service: its Services must not send requests here.
      metadata: { labels: { app: `${plan.service}-retraining` } },
      spec: {
        ...podSpec(container, [{ name: registryMount.name, ...target.registry }]),
        ...placement(plan.resources.training),
        restartPolicy: 'Never',
      },
    },
  };
}
