import { parseBacktest } from '../core/judge/backtest-file.ts';
import { PairedHours, zeroSums } from '../core/judge/pairs.ts';
import { LEADS } from '../core/record.ts';
import { readBacktest } from './backtests.ts';
import { exactJson, parseExactJson } from './exact-json.ts';
import { switchedOff } from './harm.ts';
import { KEPT_SESSIONS, type Repository, type SessionKey, type SessionRow } from './repository.ts';
import { type HarmOf, newState, Session, type SessionState } from './session.ts';
import type { Switches } from './switches.ts';
import type { Turns } from './turns.ts';

/** What is under judgement: one release in one version of its pods, against one stable. */
export type CandidateKey = Omit<SessionKey, 'arm'>;

/** The sessions of a candidate, one per arm, the default arm first. */
export type Candidate = { key: CandidateKey; arms: ReadonlyMap<string, Session> };

type Parts = { repository: Repository; registry: string; switches: Switches; turns: Turns };

/** Which candidate is under judgement now, and what is remembered of those before. What writes is called in a turn. */
export class Judged {
  current: Candidate | null = null;
  /** Earlier ones, oldest first: their state no longer changes. */
  earlier: { key: SessionKey; state: SessionState }[] = [];
  readonly #repository: Repository;
  readonly #registry: string;
  readonly #switches: Switches;

  constructor({ repository, registry, switches, turns }: Parts) {
    this.#repository = repository;
    this.#registry = registry;
    this.#switches = switches;
    turns.beforeFirst(() => this.#load());
  }

  get sessions(): Session[] {
    return [...(this.current?.arms.values() ?? [])];
  }

  /** Whether the last settled hour had a candidate beside the stable. */
  get active(): boolean {
    return this.sessions.some(({ state }) => state.active);
  }

  /** Whether this candidate is the one under judgement, with all of these arms. */
  judges(key: CandidateKey, arms: readonly string[] = []): boolean {
    const { current } = this;
    return (
      this.active && current !== null && sameCandidate(current.key, key) && arms.every((arm) => current.arms.has(arm))
    );
  }

  /** The session that a record of an arm counts for. */
  sessionOf(record: { release: string; pod_hash: string; arm: string }): Session | undefined {
    if (this.current?.key.release !== record.release || this.current.key.pod_hash !== record.pod_hash) return undefined;
    return this.current.arms.get(record.arm);
  }

  /** Takes up a candidate: with the sums that it had, or new ones at 0. Arms that are judged already go on as they were. */
  async begin(key: CandidateKey, arms: readonly string[], issue_h: number): Promise<void> {
    const judged = this.judges(key) ? [...(this.current?.arms.keys() ?? [])] : [];
    const keys = [...new Set([...judged, ...arms])].map((arm) => ({ ...key, arm }));
    const rows = await this.#repository.beginSessions(keys, issue_h, (known) => {
      const state = known === undefined ? newState(issue_h) : stateOf(known);
      state.active = true;
      if (known !== undefined && judged.includes(known.arm)) return exactJson(state);
      // Target hours are open only from here on: what was asked in between, if anything, was another candidate's.
      state.closed_h = Math.max(state.closed_h, issue_h + LEADS - 1);
      state.groups.closed_h = Math.max(state.groups.closed_h, issue_h - 1);
      return exactJson(state);
    });
    const sessions = await this.#restored(rows);
    const before = this.sessions.map((session) => ({ key: session.key, state: session.state }));
    this.earlier = [...this.earlier, ...before].filter((known) => !sameCandidate(known.key, key)).slice(-KEPT_SESSIONS);
    this.current = { key, arms: sessions };
  }

  /** Puts drafts that were written in the place of what they were made from. */
  replace(drafts: readonly Session[]): void {
    if (this.current === null) return;
    const arms = new Map(this.current.arms);
    for (const draft of drafts) arms.set(draft.key.arm, draft);
    this.current = { ...this.current, arms };
  }

  /** Reads the backtests that are not known yet, or may be looked at again; returns new reasons why one cannot be used, each once. */
  async seekBacktests(harmOf: HarmOf): Promise<string[]> {
    const news: string[] = [];
    for (const session of this.sessions) {
      const known = session.backtest;
      if (known !== null && known.verdict !== 'continue') continue;
      const read = readBacktest(this.#registry, session.key, this.sessions.length);
      if ('backtest' in read) {
        if (known !== null && read.backtest.looks.length <= known.looks.length) continue;
        const draft = session.draft();
        const backtest = draft.learn(read.backtest, harmOf);
        const switched = switchedOff([draft], this.current?.arms ?? new Map());
        const events = await this.#repository.saveBacktest(JSON.stringify(backtest), draft.saved(), switched);
        this.replace([draft]);
        this.#switches.moved(events);
      } else if (known === null) {
        if (session.backtest_problem !== read.problem) news.push(read.problem);
        session.backtest_problem = read.problem;
      }
    }
    return news;
  }

  async #load(): Promise<void> {
    const rows = await this.#repository.sessions();
    const last = rows.at(-1);
    const current = rows.filter((row) => last !== undefined && sameCandidate(row, last));
    this.earlier = rows
      .filter((row) => !current.includes(row))
      .map((row) => ({ key: keyOf(row), state: stateOf(row) }));
    this.current = last === undefined ? null : { key: candidateOf(last), arms: await this.#restored(current) };
  }

  async #restored(rows: readonly SessionRow[]): Promise<Map<string, Session>> {
    const sessions = new Map<string, Session>();
    for (const row of rows) {
      const backtest = row.backtest === null ? null : parseBacktest(row.backtest, `backtest of session ${row.id}`);
      const state = stateOf(row);
      const hours = new PairedHours(state.sums, row.station_sums);
      const { station_groups } = row;
      const session = new Session(row.id, keyOf(row), state, { hours, station_groups, backtest });
      for (const pair of await this.#repository.pairs(row.id)) session.recall(pair);
      sessions.set(row.arm, session);
    }
    return sessions;
  }
}

function sameCandidate(a: CandidateKey, b: CandidateKey): boolean {
  return a.release === b.release && a.pod_hash === b.pod_hash && a.stable === b.stable;
}

function candidateOf({ release, pod_hash, stable }: SessionKey): CandidateKey {
  return { release, pod_hash, stable };
}

function keyOf({ release, pod_hash, arm, stable }: SessionRow): SessionKey {
  return { release, pod_hash, arm, stable };
}

/** Text of our own database; slices that an older scorer did not know begin as in a new session. */
function stateOf(row: SessionRow): SessionState {
  const state: SessionState = parseExactJson(row.state);
  return { ...newState(state.first_issue_h), ...state, sums: { ...zeroSums(), ...state.sums } };
}
