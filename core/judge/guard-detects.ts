import { inPercent } from '../gate.ts';
import { GUARD } from './guard.ts';
import { detectableLoss, type GuardedPhase, LOSS_LIMIT, lossPower } from './loss-power.ts';
import { LOADS, type RecordedSpread, recordedSpreads } from './loss-spread.ts';

/**
 * What is assumed of a service of which nothing is known: a model replaces its like, and its stations vary as the embedded set's loads do, the
 * less quiet of the two sets that were measured.
 */
const ASSUMED = { set: LOADS, models: 'similar' } as const satisfies Partial<RecordedSpread>;

/** What the guard finds by a phase's end, under one assumption about how losses vary. */
export type GuardPower = {
  set: string;
  models: RecordedSpread['models'];
  /** Least loss that is found with probability POWER; null: none below twice the error. */
  detects: number | null;
  /** Probability that a loss of the plan's limit is found. */
  power: number;
};

const assumed = assumedSpread();

function assumedSpread(): RecordedSpread {
  const found = recordedSpreads.find(({ set, models }) => set === ASSUMED.set && models === ASSUMED.models);
  if (found === undefined) throw new RangeError('the assumed spread was not measured');
  return found;
}

/** What it finds under the assumption. */
export function guardPower(phase: GuardedPhase): GuardPower {
  return powerUnder(assumed, phase);
}

/** What it would find under each spread that was measured. */
export function guardPowers(phase: GuardedPhase): GuardPower[] {
  return recordedSpreads.map((spread) => powerUnder(spread, phase));
}

function powerUnder(spread: RecordedSpread, phase: GuardedPhase): GuardPower {
  return {
    ...{ set: spread.set, models: spread.models },
    detects: detectableLoss(phase, spread),
    power: lossPower(LOSS_LIMIT, phase, spread),
  };
}

/** "a loss from 12 % (power at 5 %: 8 %)" */
export function guardDetects(phase: GuardedPhase): string {
  if (phase.judged_hours < GUARD.min_hours) return `nothing: ${phase.judged_hours} of ${GUARD.min_hours} judged hours`;
  const { detects, power } = guardPower(phase);
  const limit = phase.accepted_loss ? '5 % is accepted' : `power at ${inPercent(LOSS_LIMIT)}: ${powerText(power)}`;
  return detects === null ? `no loss below twice the error (${limit})` : `a loss from ${lossText(detects)} (${limit})`;
}

/** No more digits than the prediction is worth: "36 %", "4.5 %". */
export function lossText(loss: number): string {
  return inPercent(Number(loss.toPrecision(2)));
}

/** 0.3149 → "31 %"; what is not certain is not called so. */
export function powerText(power: number): string {
  if (power > 0.99 && power < 1) return 'over 99 %';
  return power > 0 && power < 0.01 ? 'under 1 %' : `${Math.round(100 * power)} %`;
}
