import { hostOf, serviceNames } from '../core/compile/routing.ts';
import type { StationsApart } from '../core/compile/stations.ts';
import { productionTime, type Target } from '../core/compile/target.ts';
import { formatHours } from '../core/duration.ts';
import { type Fault, InputError } from '../core/input-error.ts';
import type { Plan } from '../core/plan.ts';
import { leastShadowHours } from '../core/plan-order.ts';
import { DIGEST_PATTERN } from '../core/release.ts';
import { PORT, scoringNames } from '../core/workload.ts';
import type { Scoring } from './scoring.ts';

/** Keys of a stack's configuration file, under `gridramp:`. */
const digest = { form: new RegExp(DIGEST_PATTERN), like: 'sha256:<64 hex digits>' };
const image = { form: /^\S+@sha256:[0-9a-f]{64}$/, like: 'NAME@sha256:<64 hex digits>' };
const name = { form: /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, like: 'a-name' };
const settings = {
  plan: { form: /\.yaml$/, like: 'rollouts/forecast.yaml' },
  namespace: name,
  image,
  scorerImage: image,
  release: digest,
  arm: name,
  backtested: { form: /^(true|false)$/, like: 'true' },
  prometheusUrl: { form: /^https?:\/\/\S+$/, like: 'http://prometheus.monitoring.svc:9090' },
  registryClaim: name,
  statesClaim: name,
  scorerClaim: name,
} as const;
/** What a cluster need not have. */
const optional = {
  modelStore: { form: /^(s3|oci(\+http)?):\/\/\S+$/, like: 'oci://registry.example/grid/models' },
  modelStoreSecret: name,
  tracesEndpoint: { form: /^https?:\/\/\S+$/, like: 'http://otel-collector.monitoring.svc:4318' },
  tracesShare: { form: /^(0\.\d+|1)$/, like: '0.01' },
} as const;
const known = { ...settings, ...optional };
type Key = keyof typeof known;
export type Settings = Record<keyof typeof settings, string> & Partial<Record<keyof typeof optional, string>>;
/** Of two settings the first, which says nothing without the second. */
const depends: readonly (readonly [Key, Key])[] = [
  ['modelStoreSecret', 'modelStore'],
  ['tracesShare', 'tracesEndpoint'],
];

/** Reads a stack's configuration; `file` is its name in messages. Throws an InputError with every fault in it. */
export function readSettings(get: (key: Key) => string | undefined, file: string): Settings {
  const faults: Fault[] = [];
  const entries = keys().flatMap((key) => {
    const value = get(key);
    const { form, like } = known[key];
    const fix = `set gridramp:${key} to something like ${like}`;
    if (value === undefined && key in optional) return [];
    if (value === undefined) faults.push({ place: file, message: `gridramp:${key} is not set`, fix });
    else if (!form.test(value)) faults.push({ place: file, message: `gridramp:${key} is "${value}"`, fix });
    return [[key, value ?? '']];
  });
  for (const [key, other] of depends)
    if (get(key) !== undefined && get(other) === undefined)
      faults.push({
        place: file,
        message: `gridramp:${key} is set, and gridramp:${other} is not`,
        fix: `set gridramp:${other} to something like ${known[other].like}, or remove it`,
      });
  if (faults.length > 0) throw new InputError(faults);
  return Object.fromEntries(entries);
}

function keys(): Key[] {
  return Object.keys(known).filter((key): key is Key => key in known);
}

/** A release without a backtest needs a longer shadow: its live evidence alone must say that it is safe. */
function shadowFaults({ steps, judge }: Plan, settings: Settings): Fault[] {
  const least_h = leastShadowHours(judge, settings.backtested === 'true');
  return steps.flatMap(({ kind, hours }, index) => {
    if (kind !== 'shadow' || hours >= least_h) return [];
    return {
      place: `${settings.plan} phases[${index}].for`,
      message: `a shadow of ${formatHours(hours)} can only end inconclusive while gridramp:backtested is "${settings.backtested}": the guard alone must then say that the release is safe`,
      fix: `write at least ${formatHours(least_h)}, or backtest the release and set gridramp:backtested to "true"`,
    };
  });
}

/** Pods that name no arm answer as this one, and so do the stations of an arm that is switched off. */
function armFaults({ arms }: Plan, { plan, arm }: Settings): Fault[] {
  if (arms === null || arms.default === arm) return [];
  return [
    {
      place: `${plan} arms.default`,
      message: `"${arms.default}" is not gridramp:arm, which is "${arm}"`,
      fix: `set gridramp:arm to "${arms.default}", or correct the plan`,
    },
  ];
}

/** Where a stack's settings put a plan, in real time, with every address inside the cluster. Throws an InputError where both cannot go together. */
export function productionOf(
  plan: Plan,
  settings: Settings,
  stations: StationsApart,
): { target: Target; scoring: Scoring } {
  const faults = [...shadowFaults(plan, settings), ...armFaults(plan, settings)];
  if (faults.length > 0) throw new InputError(faults);
  const { namespace } = settings;
  const names = serviceNames(plan);
  const url = (service: string) => `http://${hostOf(service, { namespace })}:${PORT}`;
  return {
    target: {
      namespace,
      image: settings.image,
      release: settings.release,
      arm: settings.arm,
      backtested: settings.backtested === 'true',
      registry: { persistentVolumeClaim: { claimName: settings.registryClaim } },
      ...modelStoreOf(settings),
      ...tracesOf(settings),
      states: { persistentVolumeClaim: { claimName: settings.statesClaim } },
      stations,
      prometheus_url: settings.prometheusUrl,
      scorer_url: url(scoringNames.scorer),
      time: productionTime,
    },
    scoring: {
      scorer_image: settings.scorerImage,
      recomputer_image: settings.image,
      data: { persistentVolumeClaim: { claimName: settings.scorerClaim } },
      database: plan.judge.database,
      stable_url: url(names.stable),
      canary_url: url(names.canary),
      recompute_url: url(scoringNames.recomputer),
    },
  };
}

function modelStoreOf({ modelStore: address, modelStoreSecret: secret }: Settings): Pick<Target, 'model_store'> {
  return address === undefined ? {} : { model_store: { address, ...(secret !== undefined && { secret }) } };
}

function tracesOf({ tracesEndpoint: endpoint, tracesShare: share }: Settings): Pick<Target, 'traces'> {
  return endpoint === undefined ? {} : { traces: { endpoint, ...(share !== undefined && { share }) } };
}
