import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createInterface } from 'node:readline';
import type { Backtest } from '../core/judge/backtest.ts';
import type { PartialJudge } from '../core/judge/settings.ts';
import type { ForecastRecord, ForecastRequest } from '../core/record.ts';
import { LEADS } from '../core/record.ts';
import { inputDigest } from '../core/release.ts';
import { HISTORY_HOURS, hourOfIso, isoOfHour, type LogEntryInput } from '../core/telemetry.ts';
import { type RecomputeRequest, scorerEnv } from '../core/workload.ts';
import type { ScorerStatus } from './status.ts';

/** Stand-ins for the scorer's tests: a world whose every reading, delay and forecast is a plain function of station and hour. */

export const START_H = hourOfIso('2016-08-01T00:00:00Z');
export const stations = Array.from({ length: 7 }, (_, s) => `station-${s}`);
export const STABLE = `sha256:${'5'.repeat(64)}`;
export const CANDIDATE = `sha256:${'c'.repeat(64)}`;

/** A repeatable number in [0, 1) for a few integers. */
function hashed(...parts: number[]): number {
  let state = 0x9e3779b9;
  for (const part of parts) {
    state = Math.imul(state ^ part, 0x85ebca6b);
    state ^= state >>> 13;
    state = Math.imul(state, 0xc2b2ae35) ^ (state >>> 16);
  }
  return (state >>> 0) / 2 ** 32;
}

/** Station 6 stands still. */
export function truthAt(s: number, target_h: number): number {
  if (s === 6) return 42;
  return 100 * (s + 1) + 30 * Math.sin((2 * Math.PI * target_h) / 24) + 5 * hashed(1, s, target_h);
}

/** Hours until a reading is known: mostly none, sometimes 1-5, rarely too late to be judged. */
export function delayAt(s: number, target_h: number): number {
  if (target_h <= START_H) return Math.max(START_H - target_h, 0);
  const luck = hashed(2, s, target_h);
  if (luck > 0.97) return 9;
  return luck > 0.85 ? 1 + Math.floor(5 * hashed(3, s, target_h)) : 0;
}

/** Hour at which a first, wrong reading of a cell is replaced, or null: the cell was right at once. */
function correctedAt(s: number, target_h: number): number | null {
  return hashed(4, s, target_h) > 0.95 && target_h > START_H ? target_h + delayAt(s, target_h) + 2 : null;
}

export function knownAt(s: number, target_h: number, as_of_h: number): number {
  if (target_h + delayAt(s, target_h) > as_of_h) return Number.NaN;
  const corrected_h = correctedAt(s, target_h);
  return truthAt(s, target_h) * (corrected_h !== null && corrected_h > as_of_h ? 1.5 : 1);
}

/** What becomes known at hour `h`; the first entry is a fortnight of history. */
export function entryAt(h: number): LogEntryInput {
  const first_h = h === START_H ? START_H - HISTORY_HOURS - LEADS : h - 12;
  const observations = [];
  for (let target_h = first_h; target_h <= h; target_h++)
    for (const [s, station_id] of stations.entries()) {
      const arrives = target_h + delayAt(s, target_h) === h || correctedAt(s, target_h) === h;
      if (arrives)
        observations.push({ station_id, target_time: isoOfHour(target_h), value_kw: knownAt(s, target_h, h) });
    }
  return { available_at: isoOfHour(h), observations };
}

export function inputsAt(s: number, issue_h: number): Float64Array {
  const start_h = issue_h - HISTORY_HOURS + 1;
  return Float64Array.from({ length: HISTORY_HOURS }, (_, i) => knownAt(s, start_h + i, issue_h));
}

/** A backtest of the candidate against the stable, with m_s of 2 to 8 kW. */
export function backtest(): Backtest {
  const guard = { sigma0_sq: 0.04, kappa: 9 };
  const theta = { look: { mean: -0.2, margin: 0.05 }, guard };
  return {
    schema: 1,
    candidate_release: CANDIDATE,
    stable_release: STABLE,
    arm: null,
    days: 120,
    from: '2016-03-01T01:00:00Z',
    to: '2016-06-29T00:00:00Z',
    verdict: 'safe',
    sentence: 'Over 120 days …',
    theta: { abort: theta, safe: theta, win: theta },
    consistency: null,
    scale_kw: Object.fromEntries(stations.map((id, s) => [id, 2 + s])),
    stations_left_out: [],
    days_left_out: 0,
    mae_kw: { candidate: 1, stable: 1 },
    rmse_scaled: { candidate: 1, stable: 1 },
    tries: 1,
    looks: [],
    accepted_loss: null,
  };
}

export type Predict = (history_kw: Float64Array) => (number | null)[];

/** The same hours a day (or `lag_h`) before, missing ones from the day before that. */
export const seasonal =
  (lag_h: number): Predict =>
  (history_kw) =>
    Array.from({ length: LEADS }, (_, i) => {
      const at = HISTORY_HOURS + i - lag_h;
      const value = history_kw[at] ?? 0;
      return Number.isNaN(value) ? history_kw[at - 24] || 0 : value;
    });

export type Version = { release: string; pod_hash: string; arm: string; predict: Predict };

export function recordOf(version: Version, s: number, issue_h: number, inputs_h = issue_h): ForecastRecord {
  const history_kw = inputsAt(s, inputs_h);
  return {
    release: version.release,
    pod_hash: version.pod_hash,
    arm: version.arm,
    station_id: stations[s] ?? '',
    issue_time: isoOfHour(issue_h),
    input_digest: inputDigest(stations[s] ?? '', inputs_h, history_kw),
    values_kw: version.predict(history_kw),
    purpose: 'pair',
    fallback: false,
    latency_ms: 1,
  };
}

/** Changes a candidate's answer, or refuses it (null). */
export type Fault = (record: ForecastRecord, s: number, issue_h: number) => ForecastRecord | null;

/** Both Services and the recomputer on one loopback port: /stable, /canary, /recompute. */
export class Services {
  stable: Version = { release: STABLE, pod_hash: 'old', arm: 'control', predict: seasonal(24) };
  canary: Version = { release: CANDIDATE, pod_hash: 'new', arm: 'candidate', predict: seasonal(48) };
  /** The candidate's arms beside its default one. */
  others: Version[] = [];
  fault: Fault = (record) => record;
  /** So many answers that are still to be 503. */
  unavailable = 0;
  recompute: Predict = seasonal(48);
  /** Releases that the recomputer does not have. */
  readonly gone = new Set<string>();
  /** Told of every question before its answer, and once more behind it. */
  onQuestion: () => void = () => {};
  readonly #server: Server;

  constructor() {
    this.#server = createServer(async (request, response) => {
      let body = '';
      try {
        for await (const chunk of request) body += chunk;
      } catch {
        // Who asked was killed in the middle of its question.
        return;
      }
      this.onQuestion();
      const answer = this.#answer(request.url ?? '', JSON.parse(body));
      const absent = this.unavailable > 0;
      if (absent) this.unavailable--;
      response.writeHead(absent ? 503 : answer === null ? 422 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer ?? { title: 'unavailable' }));
      this.onQuestion();
    });
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the stand-in has no port');
    return `http://127.0.0.1:${address.port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #answer(path: string, body: ForecastRequest & RecomputeRequest): unknown {
    if (path.startsWith('/recompute')) {
      if (this.gone.has(body.release)) return null;
      const histories = body.items.map(({ history_kw }) => Float64Array.from(history_kw, (v) => v ?? Number.NaN));
      const predict = this.others.find(({ arm }) => arm === body.arm)?.predict ?? this.recompute;
      return { values_kw: histories.map((history_kw) => predict(history_kw)) };
    }
    const issue_h = hourOfIso(body.issue_time);
    const canary = this.others.find(({ arm }) => arm === body.arm) ?? this.canary;
    const side = path.startsWith('/stable') ? this.stable : canary;
    const records = body.station_ids.map((station_id) => {
      const s = stations.indexOf(station_id);
      const record = recordOf(side, s, issue_h);
      return side.release === this.stable.release ? record : this.fault(record, s, issue_h);
    });
    return records.includes(null) ? null : { records };
  }
}

/** pino's level of a log line. */
const FATAL = 60;

/** A real scorer process on a free port. */
export class ScorerProcess {
  #child: ChildProcess | null = null;
  readonly #environment: Record<string, string>;
  url = '';

  /** `services`: the base URL of `Services`, or the servers themselves. */
  constructor(options: {
    services: string | Record<'stable' | 'canary' | 'recompute', string>;
    data: string;
    registry: string;
    judge?: PartialJudge;
    /** Of a PostgreSQL database, instead of `data`. */
    database_url?: string;
    /** Folder in which Node keeps what it compiled: for who starts it often. */
    compile_cache?: string;
  }) {
    const { services, database_url, compile_cache } = options;
    const url = (of: 'stable' | 'canary' | 'recompute') =>
      typeof services === 'string' ? `${services}/${of}` : services[of];
    const database = database_url === undefined ? {} : { database: 'postgresql' as const };
    this.#environment = {
      ...(database_url === undefined ? {} : { [scorerEnv.database_url]: database_url }),
      ...(compile_cache === undefined ? {} : { NODE_COMPILE_CACHE: compile_cache }),
      [scorerEnv.host]: '127.0.0.1',
      [scorerEnv.port]: '0',
      [scorerEnv.data]: options.data,
      [scorerEnv.registry]: options.registry,
      [scorerEnv.stable_url]: url('stable'),
      [scorerEnv.canary_url]: url('canary'),
      [scorerEnv.recompute_url]: url('recompute'),
      [scorerEnv.judge]: JSON.stringify({ ...options.judge, ...database }),
    };
  }

  async start(): Promise<void> {
    const main = new URL('main.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main], {
      env: this.#environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child = child;
    this.url = await new Promise<string>((listening, failed) => {
      child.once('exit', (code, signal) =>
        failed(new Error(`the scorer ended with ${code ?? signal} before it listened`)),
      );
      createInterface({ input: child.stdout }).on('line', (line) => {
        const { address, level, ...more }: { address?: { port: number }; level: number } = JSON.parse(line);
        if (address !== undefined) listening(`http://127.0.0.1:${address.port}`);
        if (level < FATAL) return;
        failed(new Error(line));
        if (this.url !== '') console.error(more);
      });
    });
  }

  async end(how: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const child = this.#child;
    this.#child = null;
    if (child === null) return null;
    if (child.exitCode === null) {
      child.kill(how);
      await once(child, 'exit');
    }
    return child.exitCode;
  }

  async post(path: string, body: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
    const answer = await fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: answer.status, body: Object(await answer.json()) };
  }

  async status(): Promise<ScorerStatus> {
    const answer = await fetch(`${this.url}/v1/status`);
    const status: ScorerStatus = JSON.parse(await answer.text());
    return status;
  }

  /** The status once every known issue hour is settled and every sample recomputed. */
  async settled(): Promise<ScorerStatus> {
    for (;;) {
      const status = await this.status();
      if (status.settled === status.watermark && status.samples_waiting === 0) return status;
    }
  }
}
