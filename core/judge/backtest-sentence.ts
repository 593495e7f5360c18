import type { PairedLosses } from './losses.ts';
import { mean } from './series.ts';

export type BacktestVerdict = 'abort' | 'win' | 'safe' | 'continue' | 'none';

/** Mean of x_d(theta) and its margin. */
export type BacktestLook = { mean: number; margin: number };

type Told = {
  verdict: BacktestVerdict;
  /** Null: the release has one arm only. */
  arm: string | null;
  days: number;
  look: BacktestLook | null;
  /** How often a bound of this look is wrong, each of both. */
  tail: number;
  losses: PairedLosses;
  accepted_loss: string | null;
  /** Why neither safe nor win may be said, as a clause. */
  held: string | null;
  tries: number;
  /** Days below which nothing is said. */
  least_days: number;
};

/** The backtest in a sentence or two, with its numbers, for people who never saw a formula. */
export function backtestSentence(told: Told): string {
  return `${finding(told)}${triesSentence(told.tries)}`;
}

/** Nothing for the first try: whoever repeats a backtest until it pleases is seen. */
export function triesSentence(tries: number): string {
  return tries === 1 ? '' : ` It was backtested ${tries} times.`;
}

function finding({ verdict, arm, days, look, tail, losses, accepted_loss, held, least_days }: Told): string {
  if (look === null)
    return `The backtest covers ${days} whole days of the ${least_days} that are needed to judge the candidate before it gets traffic.`;
  // m_s is the stable's own error, so that the stable's mean is 1 but for hours that some stations miss.
  const stable = mean(losses.days.stable);
  const [low, high] = [(look.mean - look.margin) / stable, (look.mean + look.margin) / stable];
  const its = arm === null ? "the candidate's error" : `the error of the candidate's arm ${arm}`;
  const means = verdict === 'continue' && held !== null ? held : meaning[verdict];
  const found = `Over ${days} days ${its} was ${change(look.mean / stable)} than the stable's (${interval(low, high)}, ${certainty(2 * tail)}): ${means}.`;
  return accepted_loss === null ? found : `${found} The plan accepts a small loss (${accepted_loss}).`;
}

/** What a verdict means, of the backtest and of the guard. */
export const meaning: Record<BacktestVerdict, string> = {
  abort: 'it is proven worse',
  win: 'it is proven at least 15 % better',
  safe: 'a loss of 5 % or more is ruled out',
  continue: 'that is not enough to call it worse, nor to rule out a loss of 5 %',
  none: 'too few days to judge',
};

/** -0.12 → "12.0 % lower". */
export function change(ratio: number): string {
  return `${percent(ratio)} ${ratio < 0 ? 'lower' : 'higher'}`;
}

/** -0.12 and -0.04 → "between 4.0 % and 12.0 % lower". */
export function interval(low: number, high: number): string {
  if (high < 0) return `between ${percent(high)} and ${percent(low)} lower`;
  if (low >= 0) return `between ${percent(low)} and ${percent(high)} higher`;
  return `between ${percent(low)} lower and ${percent(high)} higher`;
}

/** 0.005, the chance that what is stated is wrong → "at 99.5 % certainty". */
export function certainty(wrong: number): string {
  return `at ${Number((100 * (1 - wrong)).toFixed(2))} % certainty`;
}

/** No error is lower by more than all of it, whatever a bound says. */
export function percent(ratio: number): string {
  return `${(100 * Math.abs(Math.max(ratio, -1))).toFixed(1)} %`;
}
