import { hostOf, serviceNames } from '../core/compile/routing.ts';
import { productionTime, type Target } from '../core/compile/target.ts';
import { type Fault, InputError } from '../core/input-error.ts';
import type { Plan } from '../core/plan.ts';
import { PORT } from '../core/workload.ts';
import { type Scoring, scoringNames } from './scoring.ts';

/** Keys of a stack's configuration file, under `gridramp:`. */
const digest = { form: /^sha256:[0-9a-f]{64}$/, like: 'sha256:<64 hex digits>' };
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
  scorerClaim: name,
} as const;
type Key = keyof typeof settings;
export type Settings = Record<Key, string>;

/** Reads a stack's configuration; `file` is its name in messages. Throws an InputError with every fault in it. */
export function readSettings(get: (key: Key) => string | undefined, file: string): Settings {
  const faults: Fault[] = [];
  const entries = keys().map((key) => {
    const value = get(key);
    const { form, like } = settings[key];
    const fix = `set gridramp:${key} to something like ${like}`;
    if (value === undefined) faults.push({ place: file, message: `gridramp:${key} is not set`, fix });
    else if (!form.test(value)) faults.push({ place: file, message: `gridramp:${key} is "${value}"`, fix });
    return [key, value ?? ''];
  });
  if (faults.length > 0) throw new InputError(faults);
  return Object.fromEntries(entries);
}

function keys(): Key[] {
  return Object.keys(settings).filter((key): key is Key => key in settings);
}

/** Where a stack's settings put a plan, in real time, with every address inside the cluster. */
export function productionOf(plan: Plan, settings: Settings): { target: Target; scoring: Scoring } {
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
