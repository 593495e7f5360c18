import type { ColdStart } from './cold-start.ts';
import { type Compared, OURS, quantile } from './compare.ts';
import type { Known } from './known.ts';
import type { Workers } from './workers.ts';

export type Figures = {
  compared: readonly Compared[];
  fleets: readonly Known[];
  cold: { without_tensorflow: ColdStart; with_tensorflow: ColdStart };
  workers: Workers;
};

/** `measured` and `met` are null where it was not measured; `busy`: another's work on the machine makes it worse. */
export type Goal = {
  goal: string;
  least?: number;
  most?: number;
  measured: number | null;
  met: boolean | null;
  busy: boolean;
};

const STATIONS_PER_CALL = 1_000;

/** What the model server is to reach, and whether it does. */
export function goals({ compared, fleets, cold, workers }: Figures): Goal[] {
  const per_cpu_s = (prefix: string, stations: number) => {
    const found = compared.find((each) => each.stations === stations && each.name.startsWith(prefix));
    return found === undefined ? null : quantile(found.calls_per_cpu_s, 0.5);
  };
  const against = (prefix: string, stations: number) => {
    const [ours, theirs] = [per_cpu_s(OURS, stations), per_cpu_s(prefix, stations)];
    return ours === null || theirs === null ? null : ours / theirs;
  };
  const production = fleets.filter(({ stations_per_call }) => stations_per_call === STATIONS_PER_CALL);
  const rates = production.map(({ forecasts_per_cpu_s }) => forecasts_per_cpu_s);
  const made = fleets.map(({ first_per_cpu_s }) => first_per_cpu_s);
  const late_ms = production.map(({ half_load_p99_ms }) => half_load_p99_ms);
  return [
    atLeast('calls of 1 per CPU-second, over KServe', 4, against('KServe', 1)),
    atLeast('calls of 1 per CPU-second, over fastify + hand-written', 1 / 1.3, against('fastify', 1)),
    atLeast('calls of 100 per CPU-second, over FastAPI + orjson', 1.2, against('FastAPI', 100)),
    atLeast('forecasts per CPU-second, calls of 1,000 known stations', 500_000, worst(Math.min, rates)),
    atMost('p99 of those calls at half load, ms', 5, worst(Math.max, late_ms)),
    {
      ...atMost('CPU time of a forecast made, dearest fleet over cheapest, 100 to 100,000', 1.25, spread(made)),
      busy: false,
    },
    {
      ...atMost('CPU time of one remembered, calls of 1,000, dearest over cheapest', 1.25, spread(rates)),
      busy: false,
    },
    atMost('ready without TensorFlow, s', 1, cold.without_tensorflow.ready_s),
    atMost('ready with TensorFlow, s', 2, cold.with_tensorflow.ready_s),
    { ...atMost('resident when ready without TensorFlow, MB', 130, cold.without_tensorflow.rss_mb), busy: false },
    atLeast('calls per CPU-second, two workers over one', 0.9, workers.per_cpu_s),
    { ...atLeast('calls a second, two workers over one', 1.8, workers.speedup), busy: true },
  ];
}

function worst(of: (...values: number[]) => number, values: readonly number[]): number | null {
  return values.length === 0 ? null : of(...values);
}

function spread(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.max(...values) / Math.min(...values);
}

/** Counted in CPU time. */
function atLeast(goal: string, least: number, measured: number | null): Goal {
  return { goal, least, measured, met: measured === null ? null : measured >= least, busy: false };
}

/** Counted by the clock. */
function atMost(goal: string, most: number, measured: number | null): Goal {
  return { goal, most, measured, met: measured === null ? null : measured <= most, busy: true };
}
