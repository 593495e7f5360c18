import type { Resources } from './day-fact.ts';
import { servedAlone, type Window } from './days.ts';

export type Usage = {
  /** Days that it was recorded on, of those on which one release alone served. */
  days: number;
  of_days: number;
  forecasts: number;
  cpu_s: number;
  gpu_s: number | null;
  memory_gb_h: number | null;
  memory_bytes_max: number | null;
};

export type ResourceReport = {
  before: Usage | null;
  after: Usage | null;
  cpu_ms_per_forecast: { before: number | null; after: number | null };
  /** After, beyond what the same forecasts (CPU, GPU) and days (memory) would have taken before; null unless every day of both was recorded. */
  extra: { cpu_h: number | null; gpu_h: number | null; memory_gb_h: number | null };
};

export function resourceReport(before: Window, after: Window): ResourceReport {
  const [b, a] = [usageOf(before), usageOf(after)];
  const perForecast = (usage: Usage | null) =>
    usage === null || usage.forecasts === 0 ? null : (1000 * usage.cpu_s) / usage.forecasts;
  const extra = (of: (usage: Usage) => number | null, per: (usage: Usage) => number) => {
    if (b === null || a === null || !(isWhole(b) && isWhole(a))) return null;
    const [was, is] = [of(b), of(a)];
    return was === null || is === null || per(b) === 0 ? null : is - (was / per(b)) * per(a);
  };
  const hours = (seconds: number | null) => (seconds === null ? null : seconds / 3600);
  return {
    before: b,
    after: a,
    cpu_ms_per_forecast: { before: perForecast(b), after: perForecast(a) },
    extra: {
      cpu_h: hours(
        extra(
          ({ cpu_s }) => cpu_s,
          ({ forecasts }) => forecasts,
        ),
      ),
      gpu_h: hours(
        extra(
          ({ gpu_s }) => gpu_s,
          ({ forecasts }) => forecasts,
        ),
      ),
      memory_gb_h: extra(
        ({ memory_gb_h }) => memory_gb_h,
        ({ days }) => days,
      ),
    },
  };
}

/** Sums over some of the days are not those of the window. */
export function isWhole({ days, of_days }: Usage): boolean {
  return days === of_days;
}

function usageOf({ days }: Window): Usage | null {
  const alone = days.map(servedAlone).filter(({ length }) => length > 0);
  const recorded = alone.map((facts) => facts.flatMap(({ resources }) => resources ?? []));
  const used = recorded.filter(({ length }) => length > 0);
  const all = used.flat();
  if (all.length === 0) return null;
  return {
    days: used.length,
    of_days: alone.length,
    forecasts: sum(all, ({ forecasts }) => forecasts) ?? 0,
    cpu_s: sum(all, ({ cpu_s }) => cpu_s) ?? 0,
    gpu_s: sum(all, ({ gpu_s }) => gpu_s),
    memory_gb_h: sum(all, ({ memory_gb_h }) => memory_gb_h),
    memory_bytes_max: all.reduce<number | null>(
      (most, { memory_bytes_max: bytes }) => (most === null || bytes === null ? null : Math.max(most, bytes)),
      0,
    ),
  };
}

/** One day that was not recorded makes the sum unknown. */
function sum(all: readonly Resources[], of: (resources: Resources) => number | null): number | null {
  return all.reduce<number | null>((total, resources) => {
    const value = of(resources);
    return total === null || value === null ? null : total + value;
  }, 0);
}
