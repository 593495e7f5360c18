import type { Decision } from './trial.ts';

/** Hours within which power is counted: the days of shadow. */
const SHADOW_HOURS = 14 * 24;

/** First verdicts of one method over the runs of one cell at one true change. */
export type Tally = {
  method: string;
  change: number;
  runs: number;
  verdicts: Record<'abort' | 'safe' | 'win', number>;
  /** Of them, those within 14 days of shadow. */
  in_shadow: Record<'abort' | 'safe' | 'win', number>;
};

export class Tallies {
  readonly #tallies = new Map<string, Tally>();

  /** Counts a decision whose last hour was judged `delay_hours` after its end, if that was within `horizon_hours`. */
  count(method: string, change: number, decision: Decision, delay_hours: number, horizon_hours: number): void {
    const tally = this.#of(method, change);
    tally.runs++;
    const known = decision.hour + delay_hours;
    if (decision.verdict === 'continue' || known > horizon_hours) return;
    tally.verdicts[decision.verdict]++;
    if (known <= SHADOW_HOURS) tally.in_shadow[decision.verdict]++;
  }

  add(others: readonly Tally[]): void {
    for (const other of others) {
      const tally = this.#of(other.method, other.change);
      tally.runs += other.runs;
      for (const verdict of ['abort', 'safe', 'win'] as const) {
        tally.verdicts[verdict] += other.verdicts[verdict];
        tally.in_shadow[verdict] += other.in_shadow[verdict];
      }
    }
  }

  list(): Tally[] {
    return [...this.#tallies.values()];
  }

  #of(method: string, change: number): Tally {
    const key = `${method}|${change}`;
    const known = this.#tallies.get(key);
    if (known !== undefined) return known;
    const zero = () => ({ abort: 0, safe: 0, win: 0 });
    const tally = { method, change, runs: 0, verdicts: zero(), in_shadow: zero() };
    this.#tallies.set(key, tally);
    return tally;
  }
}
