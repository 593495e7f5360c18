import { runLength } from '../../core/judge/drift/average-run-length.ts';
import { type DriftSettings, defaultDrift } from '../../core/judge/drift/settings.ts';
import type { Telemetry } from '../../core/telemetry.ts';
import { type FalseAlarms, falseAlarms } from './false-alarms.ts';
import { type Found, replayLoss, replayShift, type Shift } from './level-shift.ts';
import { worldOf } from './plain-models.ts';
import { publishedDrift } from './published.ts';

export const sizes = [-0.3, -0.1, 0.1, 0.2, 0.5] as const;
export const shares = [0.1, 0.25, 0.5, 1] as const;
/** 1: what is found by chance, where nothing changed. */
export const factors = [1, 1.2, 1.5, 2, 3] as const;

/** What was measured on one telemetry set. */
export type Measured = {
  telemetry: string;
  stations: number;
  days: number;
  alarms: { defaults: FalseAlarms[]; published: FalseAlarms[] };
  shifts: (Shift & { found: Found[] })[];
  losses: { factor: number; found: Found[] }[];
};

export type Report = {
  seed: number;
  date: string;
  machine: string;
  settings: DriftSettings;
  /** Days to a false alarm of the default CUSUM, were daily losses independent and normal. */
  cusum_run_length_days: number;
  sets: Measured[];
};

/** The steps of a set's measurement, for a progress bar. */
export const STEPS = 3 + sizes.length * shares.length + factors.length;

/** `onStep` is called as each of the STEPS ends. */
export function measure(telemetry: Telemetry, seed: number, onStep: () => void): Measured {
  const stepped = <T>(value: T): T => {
    onStep();
    return value;
  };
  const world = stepped(worldOf(telemetry));
  return {
    telemetry: telemetry.name,
    stations: telemetry.stations.length,
    days: telemetry.hours / 24,
    alarms: {
      defaults: stepped(falseAlarms(world, defaultDrift)),
      published: stepped(falseAlarms(world, publishedDrift)),
    },
    shifts: sizes.flatMap((size) =>
      shares.map((share) => ({
        size,
        share,
        found: stepped(replayShift(world, defaultDrift, { size, share }, seed)),
      })),
    ),
    losses: factors.map((factor) => ({ factor, found: stepped(replayLoss(world, defaultDrift, factor)) })),
  };
}

export function reportOf(sets: Measured[], about: { seed: number; date: string; machine: string }): Report {
  return { ...about, settings: defaultDrift, cusum_run_length_days: runLength(defaultDrift.cusum), sets };
}
