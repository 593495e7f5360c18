import { setTimeout as delay } from 'node:timers/promises';
import { type Reason, reasonOf } from './backends/backend.ts';
import type { Learning, Predictor } from './predictor.ts';

/** A call waits so long for a predictor that is needed for the first time; then it is answered by the next one. */
const WAIT_MS = 1_000;
/** One that failed is left alone for so long. */
const REST_MS = 60_000;
const MAX_WHY = 300;

/** One predictor of several that make the same forecast, opened only when those before it do not answer. */
export type Candidate = { name: string; open: () => Promise<Predictor> };

export type Fault = { reason: Reason; why: string };

/** Who answers, who should, and what is wrong with each that does not. */
export type Standing = { answers: string; wanted: string; faults: Record<string, Fault> };

/** A predictor that answers as long as any of its candidates does. */
export type Lasting = Predictor & { standing: () => Standing };

export type InOrder = {
  kind: string;
  candidates: readonly [Candidate, ...Candidate[]];
  /** Needs nothing that could be missing; answers where no candidate does. */
  last: Predictor;
  /** Told of each that fails. `instead`: who may answer in its place, where it is the first. */
  onFault: (name: string, fault: Fault, instead: readonly string[]) => void;
  /** Milliseconds from anywhere. */
  now?: () => number;
};

/** Opens the first candidate that can be opened. Forecasts of all but the first are marked as fallbacks. */
export async function inOrder({
  kind,
  candidates,
  last,
  onFault,
  now = () => performance.now(),
}: InOrder): Promise<Lasting> {
  const [first, ...others] = candidates;
  const instead = [...others.map(({ name }) => name), last.kind];
  const own = new Standby(first, (fault) => onFault(first.name, fault, instead), now);
  const spare = others.map((each) => new Standby(each, (fault) => onFault(each.name, fault, []), now));
  const all = [own, ...spare];
  for (const standby of all) if (await standby.opened()) break;
  const { learning, impure } = all.find(({ predictor }) => predictor)?.predictor ?? last;
  /** `use` of the first that does not fail. */
  const tried = async <T>(
    use: (predictor: Predictor) => Promise<T>,
  ): Promise<{ result: T; by: Standby } | undefined> => {
    for (const standby of all) {
      const predictor = await standby.ready();
      if (predictor === undefined) continue;
      try {
        return { result: await use(predictor), by: standby };
      } catch (error) {
        standby.failed(predictor, error);
      }
    }
    return undefined;
  };
  return {
    kind,
    async forecast(batch) {
      const answer = await tried((predictor) => predictor.forecast(batch));
      if (answer?.by === own) return answer.result;
      const fallback = { from: own.name, to: answer?.by.name ?? last.kind, reason: own.fault?.reason ?? 'loading' };
      return { ...(answer?.result ?? (await last.forecast(batch))), fallback };
    },
    ...(impure && { impure }),
    ...(learning && { learning: { ...learning, learn: taught(tried) } }),
    standing: () => ({
      answers: all.find(({ predictor }) => predictor !== undefined)?.name ?? last.kind,
      wanted: own.name,
      faults: Object.fromEntries(all.flatMap(({ name, fault }) => (fault === undefined ? [] : [[name, fault]]))),
    }),
    dispose() {
      for (const standby of all) standby.dispose();
      last.dispose();
    },
  };
}

type Tried = (use: (predictor: Predictor) => Promise<void>) => Promise<object | undefined>;

/** On copies, so that one that fails halfway leaves the states to the next as they were. */
function taught(tried: Tried): Learning['learn'] {
  return async (states, day) => {
    const learnt = await tried(async ({ learning }) => {
      const copy = states.slice();
      await learning?.learn(copy, day);
      states.set(copy);
    });
    if (learnt === undefined) throw new Error(`no backend could learn the day before hour ${day.boundary_h}`);
  };
}

/** A candidate and what is known of it. */
class Standby {
  readonly name: string;
  predictor: Predictor | undefined;
  fault: Fault | undefined;
  readonly #open: Candidate['open'];
  readonly #onFault: (fault: Fault) => void;
  readonly #now: () => number;
  #opening: Promise<void> | undefined;
  #rests_until_ms = Number.NEGATIVE_INFINITY;
  #disposed = false;

  constructor({ name, open }: Candidate, onFault: (fault: Fault) => void, now: () => number) {
    this.name = name;
    this.#open = open;
    this.#onFault = onFault;
    this.#now = now;
  }

  /** Waits as long as it takes. */
  async opened(): Promise<boolean> {
    this.#opening ??= this.#openIt();
    await this.#opening;
    return this.predictor !== undefined;
  }

  /** The predictor, if it can be had now. One that failed is opened again behind the back of its callers. */
  async ready(): Promise<Predictor | undefined> {
    if (this.predictor !== undefined) return this.predictor;
    if (this.#opening === undefined && this.#now() >= this.#rests_until_ms) this.#opening = this.#openIt();
    if (this.fault === undefined) await Promise.race([this.#opening, delay(WAIT_MS, undefined, { ref: false })]);
    return this.predictor;
  }

  failed(predictor: Predictor, error: unknown): void {
    // Others that were in the same predictor have said so already.
    if (this.predictor !== predictor) return;
    this.predictor = undefined;
    predictor.dispose();
    this.#faulty(error);
  }

  dispose(): void {
    this.#disposed = true;
    this.predictor?.dispose();
    this.predictor = undefined;
  }

  async #openIt(): Promise<void> {
    try {
      const predictor = await this.#open();
      if (this.#disposed) return predictor.dispose();
      this.predictor = predictor;
      this.fault = undefined;
    } catch (error) {
      this.#faulty(error);
    } finally {
      this.#opening = undefined;
    }
  }

  #faulty(error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    this.fault = { reason: reasonOf(error), why: why.slice(0, MAX_WHY) };
    this.#rests_until_ms = this.#now() + REST_MS;
    this.#onFault(this.fault);
  }
}
