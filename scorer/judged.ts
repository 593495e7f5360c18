import { parseBacktest } from '../core/judge/backtest-file.ts';
import { LEADS } from '../core/record.ts';
import { readBacktest } from './backtests.ts';
import { newState, Session, type SessionState } from './session.ts';
import type { SessionKey, SessionRow, Store } from './store.ts';

/** Sessions told about in /v1/status, the current one among them. */
const REMEMBERED = 8;

/** Which candidate is under judgement now, and what is remembered of those before. */
export class Judged {
  current: Session | null = null;
  /** Earlier ones, oldest first: their state no longer changes. */
  earlier: { key: SessionKey; state: SessionState }[] = [];
  readonly #store: Store;
  readonly #registry: string;

  constructor(store: Store, registry: string) {
    this.#store = store;
    this.#registry = registry;
    const rows = store.sessions(REMEMBERED);
    const last = rows.pop();
    this.earlier = rows.map((row) => ({ key: keyOf(row), state: stateOf(row) }));
    if (last !== undefined) this.current = this.#restored(last);
  }

  /** The session of this key: the current one, a known one taken up again, or a new one whose sums are 0. */
  begin(key: SessionKey, issue_h: number): Session {
    if (this.current?.state.active && sameKey(this.current.key, key)) return this.current;
    if (this.current !== null) this.earlier.push({ key: this.current.key, state: this.current.state });
    const known = this.#store.findSession(key);
    const state = known === undefined ? newState(issue_h) : stateOf(known);
    state.active = true;
    // What lies between is not this candidate's: its open hours were dropped.
    state.closed_h = Math.max(state.closed_h, issue_h + LEADS - 1);
    this.#store.beginSession(key, JSON.stringify(state), issue_h);
    const row = this.#store.findSession(key);
    if (row === undefined) throw new Error(`the session of ${key.release} was not stored`);
    const session = this.#restored(row);
    this.earlier = this.earlier.filter((known) => !sameKey(known.key, key)).slice(-(REMEMBERED - 1));
    this.current = session;
    return session;
  }

  /** Reads the backtest unless it is known; returns a new reason why it cannot be used, once. */
  seekBacktest(): string | null {
    const session = this.current;
    if (session === null || session.backtest !== null) return null;
    const read = readBacktest(this.#registry, session.key);
    if ('problem' in read) {
      const news = session.backtest_problem === read.problem ? null : read.problem;
      session.backtest_problem = read.problem;
      return news;
    }
    session.learn(read.backtest);
    const { station_sums } = session.hours;
    this.#store.saveBacktest(session.id, read.text, { state: JSON.stringify(session.state), station_sums });
    return null;
  }

  #restored(row: SessionRow): Session {
    const backtest = row.backtest === null ? null : parseBacktest(row.backtest, `backtest of session ${row.id}`);
    const session = new Session(row.id, keyOf(row), stateOf(row), { station_sums: row.station_sums, backtest });
    for (const pair of this.#store.pairs(row.id)) session.recall(pair);
    return session;
  }
}

export function sameKey(a: SessionKey, b: SessionKey): boolean {
  return a.release === b.release && a.pod_hash === b.pod_hash && a.arm === b.arm && a.stable === b.stable;
}

function keyOf({ release, pod_hash, arm, stable }: SessionRow): SessionKey {
  return { release, pod_hash, arm, stable };
}

/** Text of our own database. */
function stateOf(row: SessionRow): SessionState {
  return JSON.parse(row.state);
}
