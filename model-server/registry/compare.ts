import { LEADS } from '../../core/record.ts';
import { hourOfIso, isoOfHour, type Telemetry } from '../../core/telemetry.ts';
import { loadArtefact } from '../artefact.ts';
import { heldOut } from '../evaluate.ts';
import { openModel } from '../models.ts';
import { trainingHours } from '../split.ts';
import { RegistryError } from './store.ts';

/** A model beside the one that it would replace, on hours that neither was trained on; nMAE as in `HeldOutMetrics`. */
export type Comparison = {
  from: string;
  to: string;
  nmae: number;
  nmae_replaced: number;
  /** Mean over stations of the model's MAE over that of what it replaces. */
  mae_ratio: number;
  stations: number;
  stations_worse: number;
};

/** A week: every hour of it, and every day. */
const LEAST_HOURS = 7 * 24;

/** Why two models cannot be compared: one of them cannot be opened, or there are too few hours that neither has seen. */
export class Incomparable extends Error {
  override readonly name = 'Incomparable';
}

/** Compares two models of a registry over the part of `telemetry` that training leaves alone. Throws `Incomparable`. */
export async function compare(
  registry: string,
  model: string,
  replaced: string,
  telemetry: Telemetry,
): Promise<Comparison> {
  const from_h = Math.max(
    telemetry.start_h + trainingHours(telemetry),
    await firstUnseen(registry, model),
    await firstUnseen(registry, replaced),
  );
  const hours = telemetry.start_h + telemetry.hours - LEADS - from_h;
  if (hours < LEAST_HOURS)
    throw new Incomparable(
      `only ${Math.max(0, hours)} hours of ${telemetry.name} come after what both were trained on (from ${isoOfHour(from_h)}), fewer than ${LEAST_HOURS}`,
    );
  const ours = await opened(registry, model);
  try {
    const theirs = await opened(registry, replaced);
    try {
      const { nmae_control, gain: _, ...metrics } = await heldOut(ours, theirs, telemetry, from_h);
      if (metrics.stations === 0) throw new Incomparable(`no station of ${telemetry.name} tells the two apart`);
      return { ...metrics, nmae_replaced: nmae_control };
    } finally {
      theirs.dispose();
    }
  } finally {
    ours.dispose();
  }
}

/** Whether the model makes more error than what it would replace, in the mean over stations. What cannot be told apart by numbers is worse. */
export function isWorse({ nmae, nmae_replaced }: Comparison): boolean {
  return !(nmae <= nmae_replaced);
}

/** The first hour after all that a model was fitted to; of models that are not fitted any hour. */
async function firstUnseen(registry: string, digest: string): Promise<number> {
  const { manifest } = await comparable(loadArtefact(registry, digest));
  if ('data' in manifest) return hourOfIso(manifest.data.to) + 1;
  if ('calibration' in manifest) return hourOfIso(manifest.calibration.to) + 1;
  return Number.NEGATIVE_INFINITY;
}

function opened(registry: string, digest: string) {
  return comparable(openModel(registry, digest));
}

/** A model that is gone or damaged, or made for other features than this code's, is no reason to give up on its successor. */
async function comparable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof RegistryError || cause instanceof RangeError) throw new Incomparable(cause.message, { cause });
    throw cause;
  }
}
