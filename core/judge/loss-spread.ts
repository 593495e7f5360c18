/** A variance of N stations' mean: [what all have in common, what is each one's own]; common + own/N. */
export type Shrinking = readonly [common: number, own: number];

/** How much the hourly D(0) of a fleet varies, in units of the stations' usual error. */
export type LossSpread = {
  /** sigma0^2 kappa as the guard estimates it from 28 days (geometric mean), at true losses of 0, 1 and 2 steps. */
  guard: readonly [Shrinking, Shrinking, Shrinking];
  /** n Var(mean over n = SPREAD_HOURS hours), at the same losses. */
  truth: readonly [Shrinking, Shrinking, Shrinking];
  /** Standard deviation of ln of the guard's margin: fleets and months differ. */
  scatter: number;
};

/** From one true loss to the next. */
export const SPREAD_LOSS_STEP = 0.1;
/** Hours over which the means were taken. */
export const SPREAD_HOURS = 305;

/** How much the two models resemble each other: a rule and a learned model, two learned ones, one that was fitted again (bench/judge/models.ts). */
export type Resemblance = 'dissimilar' | 'similar' | 'near-identical';

/** A spread that was measured, of a telemetry set by its name. */
export type RecordedSpread = LossSpread & { set: string; models: Resemblance };

/** The embedded set, 115 stations; and one of large zones, whose errors average out within each. */
export const LOADS = 'SimBench load series, 2016';
const ZONES = 'EIA-930, 79 US grid zones, July 2023 - June 2024';

/** As `npm run bench:power` prints it of either set (seed 1, 2,000 releases of each size of fleet; leads 1-24, blocks of 72 h). */
export const recordedSpreads: readonly RecordedSpread[] = [
  {
    set: LOADS,
    models: 'similar',
    guard: [
      [0.288, 1.87],
      [0.361, 2.12],
      [0.461, 2.47],
    ],
    truth: [
      [0.461, 2.48],
      [0.689, 3.02],
      [1.01, 3.79],
    ],
    scatter: 0.126,
  },
  {
    set: LOADS,
    models: 'dissimilar',
    guard: [
      [3.01, 5.14],
      [3, 5.65],
      [3.01, 6.3],
    ],
    truth: [
      [3.03, 5.13],
      [3.12, 5.67],
      [3.31, 6.51],
    ],
    scatter: 0.135,
  },
  {
    set: LOADS,
    models: 'near-identical',
    guard: [
      [0.00596, 0.035],
      [0.0165, 0.0954],
      [0.0504, 0.257],
    ],
    truth: [
      [0.00744, 0.0388],
      [0.0399, 0.144],
      [0.142, 0.443],
    ],
    scatter: 0.141,
  },
  {
    set: ZONES,
    models: 'similar',
    guard: [
      [0.0543, 0.388],
      [0.0681, 0.488],
      [0.103, 0.688],
    ],
    truth: [
      [0.127, 0.655],
      [0.226, 0.688],
      [0.461, 0.893],
    ],
    scatter: 0.157,
  },
  {
    set: ZONES,
    models: 'dissimilar',
    guard: [
      [0.345, 2.32],
      [0.352, 2.48],
      [0.381, 2.74],
    ],
    truth: [
      [0.382, 3.02],
      [0.486, 3.03],
      [0.723, 3.35],
    ],
    scatter: 0.128,
  },
  {
    set: ZONES,
    models: 'near-identical',
    guard: [
      [0.00345, 0.0246],
      [0.0177, 0.0896],
      [0.0534, 0.256],
    ],
    truth: [
      [0.0107, 0.0383],
      [0.0945, 0.113],
      [0.315, 0.387],
    ],
    scatter: 0.244,
  },
];
