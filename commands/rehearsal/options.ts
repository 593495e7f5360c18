import { parseArgs } from 'node:util';
import { type Fault, InputError } from '../../core/input-error.ts';
import { type Scenario, scenarios } from './scenarios.ts';

const allPods = ['process', 'container'] as const;
export type Pods = (typeof allPods)[number];

export type RehearsalOptions = {
  scenario: Scenario;
  /** Folder of a telemetry set; null is the embedded one. */
  telemetry: string | null;
  plan: string;
  seed: number;
  out: string;
  /** What model servers are: processes of this machine, or containers of their image under a kubelet. */
  pods: Pods;
  keep: boolean;
  json: boolean;
  /** Domain hours replayed per second. */
  hours_per_s: number;
  /** Domain hours of live traffic after which the scenario's fault sets in. */
  fault_after_h: number;
};

export const usage = `npm run rehearse -- [options]

Releases a candidate on the real controllers, in compressed time, on recorded station telemetry, and ends in a verdict.

  --scenario NAME        what is released (default good):
${scenarios.map(({ name, about, expected }) => `                           ${name.padEnd(8)} ${about}: ${expected}`).join('\n')}
  --telemetry DIR        a set of your own (stations.csv, observations.csv.gz, telemetry.json; see telemetry/README.md):
                         its first 60 % train the candidate, the rest is the backtest and the rehearsal
  --plan FILE            the rollout plan (default rollouts/forecast.yaml)
  --seed N               seed of training, sampling and late readings (default 1)
  --hours-per-second N   domain hours replayed per second (default 17, with several arms 8)
  --fault-after N        domain hours of live traffic after which the scenario's fault sets in (default 0)
  --out DIR              where verdict.json and report.html go (default out/rehearsal)
  --pods KIND            process (default): every pod is a process of this machine; container: the model servers are
                         containers of the very image that npm run image builds, under a kubelet, containerd and runc
                         (Linux, Debian 12 and root; docs/images.md)
  --keep                 leave the lab running and print its kubeconfig
  --json                 print the verdict as JSON on standard output, progress on standard error
                         (with npm run --silent, so that npm prints nothing itself)
  --help

Exit codes: 0 promoted, 3 refused or aborted, 4 inconclusive, 2 wrong usage or invalid input, 1 anything else.`;

/** Parses the command line; every fault at once as an InputError. Null asks for the help. */
export function parseOptions(args: string[]): RehearsalOptions | null {
  const { values } = parse(args);
  if (values.help) return null;
  const faults: Fault[] = [];
  const number = (flag: string, text: string, low: number, high: number, whole: boolean) => {
    const value = Number(text);
    const fits = text.trim() !== '' && value >= low && value <= high && (!whole || Number.isInteger(value));
    if (!fits)
      faults.push({
        place: flag,
        message: `"${text}" is not a ${whole ? 'whole ' : ''}number from ${low} to ${high}`,
        fix: 'give one',
      });
    return value;
  };
  const scenario = scenarios.find(({ name }) => name === values.scenario);
  if (!scenario) {
    const names = scenarios.map(({ name }) => name).join(', ');
    faults.push({
      place: '--scenario',
      message: `there is no scenario "${values.scenario}"`,
      fix: `take one of ${names}`,
    });
  }
  const pods = allPods.find((kind) => kind === values.pods);
  if (!pods)
    faults.push({ place: '--pods', message: `there is no "${values.pods}"`, fix: `take one of ${allPods.join(', ')}` });
  const options = {
    telemetry: values.telemetry ?? null,
    plan: values.plan,
    seed: number('--seed', values.seed, 0, 2 ** 31 - 1, true),
    out: values.out,
    keep: values.keep,
    json: values.json,
    hours_per_s: number(
      '--hours-per-second',
      values['hours-per-second'] ?? String(scenario?.hours_per_s ?? 1),
      0.1,
      60,
      false,
    ),
    fault_after_h: number('--fault-after', values['fault-after'], 0, 10_000, true),
  };
  if (faults.length > 0 || !scenario || !pods) throw new InputError(faults);
  return { scenario, pods, ...options };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        scenario: { type: 'string', default: 'good' },
        telemetry: { type: 'string' },
        plan: { type: 'string', default: 'rollouts/forecast.yaml' },
        seed: { type: 'string', default: '1' },
        out: { type: 'string', default: 'out/rehearsal' },
        pods: { type: 'string', default: 'process' },
        keep: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        'hours-per-second': { type: 'string' },
        'fault-after': { type: 'string', default: '0' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (cause) {
    const message = cause instanceof Error ? (cause.message.split('. ')[0] ?? '') : String(cause);
    throw new InputError([{ place: 'command line', message, fix: 'see npm run rehearse -- --help' }], { cause });
  }
}
