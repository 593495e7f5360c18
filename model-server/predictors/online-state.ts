import { LEADS } from '../../core/record.ts';
import { GROUPS } from './lead-groups.ts';
import { type NormalEquations, triangle } from './least-squares.ts';
import { WEEK_H } from './linear.ts';

/** Features of a correction. */
export const CORRECTIONS = 10;

const parts = {
  /** The boundary that the profile was moved on to, and the one before it; NaN: there is no profile. */
  profile_h: 1,
  before_h: 1,
  profile: WEEK_H,
  /** What the profile said, a day before, of the 24 hours that were moved on last. */
  replaced: 24,
  weights: GROUPS * CORRECTIONS,
  weights_before: GROUPS * CORRECTIONS,
  gram: GROUPS * triangle(CORRECTIONS),
  product: GROUPS * CORRECTIONS,
  /** Half the width of the interval by lead, in units of the scale. */
  margins: LEADS,
  /** Of Page-Hinkley. */
  drift: 7,
  /** How often it has said that the station changed. */
  drifts: 1,
} as const;
type Part = keyof typeof parts;

const offsets = new Map<string, number>();
let end = 0;
for (const [part, length] of Object.entries(parts)) {
  offsets.set(part, end);
  end += length;
}

/** Numbers of one station's state. */
export const ONLINE_SIZE = end;

/** One station's state by its parts; each is a window on the numbers, so that writing to it changes the state. */
export type OnlineState = Record<Part, Float64Array>;

export function onlineState(numbers: Float64Array): OnlineState {
  const part = (name: Part) => {
    const from = offsets.get(name) ?? 0;
    return numbers.subarray(from, from + parts[name]);
  };
  return {
    ...{
      profile_h: part('profile_h'),
      before_h: part('before_h'),
      profile: part('profile'),
      replaced: part('replaced'),
    },
    ...{
      weights: part('weights'),
      weights_before: part('weights_before'),
      gram: part('gram'),
      product: part('product'),
    },
    ...{ margins: part('margins'), drift: part('drift'), drifts: part('drifts') },
  };
}

/** What one lead group has seen. */
export function equationsOf({ gram, product }: OnlineState, group: number): NormalEquations {
  const size = triangle(CORRECTIONS);
  return {
    gram: gram.subarray(group * size, (group + 1) * size),
    product: product.subarray(group * CORRECTIONS, (group + 1) * CORRECTIONS),
  };
}
