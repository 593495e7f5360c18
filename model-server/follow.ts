import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type Dispatcher, request } from 'undici';
import { boundedJson } from '../core/bounded-body.ts';
import type { Switches } from '../core/switches.ts';
import { type LogEntry, type Observation, REPLAYED_HOURS } from '../core/telemetry.ts';

const LIMIT = 200;
const WAIT_MS = 10_000;
const GONE = 410;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;
/** The scorer sends 16 Mi characters at most, or one entry, which was posted in 32 MiB. */
const ANSWER_LIMIT_BYTES = 64 * 2 ** 20;

export type Follow = {
  scorer_url: string;
  /** Whose switches are asked for. */
  release: string;
  dispatcher: Dispatcher;
  signal: AbortSignal;
  log: Logger;
  /** Called once with the stations that are known from before. */
  onStations: (station_ids: readonly string[]) => void;
  /** Awaited before the next one. */
  onEntry: (entry: LogEntry) => void | Promise<void>;
  /** Called when the switches are others than those that were last told. */
  onSwitches: (switches: Switches) => void;
  /** Called after every answer: whether it held all that there was. */
  onAnswer: (caught_up: boolean, seq: number) => void;
  /** The log is another than the one that was followed so far: what that one said is no longer true. */
  onOther: () => void | Promise<void>;
};

/** Follows the scorer's observation log until aborted, over every restart of the scorer. */
export async function follow(options: Follow): Promise<void> {
  let after = 0;
  // Only who has caught up waits for the next entry: until then an empty answer is news.
  let wait_ms = 0;
  let pause_ms = FIRST_PAUSE_MS;
  let switched = 0;
  while (!options.signal.aborted) {
    try {
      const answer = await read(options, { after, switched, wait_ms });
      if (answer === 'trimmed' || answer === 'ahead') {
        await startAnew(options, answer, after);
        // Another log counts its switches anew.
        if (answer === 'ahead') switched = 0;
        [after, wait_ms] = [0, 0];
        continue;
      }
      const { entries, stations, caught_up, switches } = answer;
      if (switches !== undefined && switches.version !== switched) {
        switched = switches.version;
        options.onSwitches(switches);
      }
      if (stations !== undefined) options.onStations(stations);
      for (const entry of entries) {
        if (entry.seq <= after) throw new TypeError(`the log went back from entry ${after} to ${entry.seq}`);
        await options.onEntry(entry);
        after = entry.seq;
      }
      options.onAnswer(caught_up, after);
      wait_ms = caught_up ? WAIT_MS : 0;
      pause_ms = FIRST_PAUSE_MS;
    } catch (error) {
      if (options.signal.aborted) return;
      options.log.warn({ err: error, after, pause_ms }, 'the observation log cannot be read; trying again');
      await delay(pause_ms, undefined, { signal: options.signal }).catch(() => {});
      pause_ms = Math.min(pause_ms * 2, LONGEST_PAUSE_MS);
    }
  }
}

async function startAnew({ log, onOther }: Follow, why: 'trimmed' | 'ahead', after: number): Promise<void> {
  if (why === 'trimmed') {
    // Away for longer than the log remembers: nothing of what is held can still be asked for.
    log.warn({ after }, 'the observation log has dropped what comes next; it is read from its start');
  } else {
    log.error(
      { after },
      'the observation log was emptied: all that it said is forgotten, and it is read from its start',
    );
    await onOther();
  }
}

type From = Pick<Follow, 'scorer_url' | 'release' | 'dispatcher' | 'signal'>;
type Place = { after: number; switched: number; wait_ms: number };

/** An answer, or why there is none after `after`. It comes at once where the switches are others than `switched`. */
async function read(
  { scorer_url, release, dispatcher, signal }: From,
  { after, switched, wait_ms }: Place,
): Promise<Answer | 'trimmed' | 'ahead'> {
  const url = new URL('/v1/observations', scorer_url);
  const from = after === 0 ? { last_hours: String(REPLAYED_HOURS) } : { after: String(after) };
  const asked = { ...from, limit: String(LIMIT), wait_ms: String(wait_ms), release, switched: String(switched) };
  url.search = new URLSearchParams(asked).toString();
  const { statusCode, body } = await request(url, {
    dispatcher,
    signal,
    headersTimeout: 2 * WAIT_MS,
    bodyTimeout: WAIT_MS,
  });
  const answer = await boundedJson(body, ANSWER_LIMIT_BYTES);
  if (statusCode === GONE && after > 0 && isObject(answer)) return answer.title === 'ahead' ? 'ahead' : 'trimmed';
  if (statusCode !== 200)
    throw new Error(`${url.href} answered ${statusCode}: ${JSON.stringify(answer).slice(0, 300)}`);
  return parseAnswer(answer, url.href);
}

/** `switches`: not from a scorer of before there were any. */
type Answer = {
  entries: LogEntry[];
  caught_up: boolean;
  stations: string[] | undefined;
  switches: Switches | undefined;
};

function parseAnswer(answer: unknown, url: string): Answer {
  if (isObject(answer) && Array.isArray(answer.entries) && answer.entries.every(isEntry)) {
    const { entries, stations, caught_up, switches } = answer;
    if (
      (stations === undefined || isNames(stations)) &&
      typeof caught_up === 'boolean' &&
      (switches === undefined || isSwitches(switches))
    )
      return { entries, caught_up, stations, switches };
  }
  throw new TypeError(
    `${url} did not answer with {entries: LogEntry[], caught_up: boolean, stations?: string[], switches?: Switches} (core/telemetry.ts, core/switches.ts)`,
  );
}

function isEntry(value: unknown): value is LogEntry {
  return (
    isObject(value) &&
    Number.isInteger(value.seq) &&
    typeof value.available_at === 'string' &&
    Array.isArray(value.observations) &&
    value.observations.every(isObservation)
  );
}

function isSwitches(value: unknown): value is Switches {
  return isObject(value) && Number.isInteger(value.version) && isNames(value.off);
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string');
}

function isObservation(value: unknown): value is Observation {
  return (
    isObject(value) &&
    typeof value.station_id === 'string' &&
    typeof value.target_time === 'string' &&
    (value.value_kw === null || typeof value.value_kw === 'number')
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
