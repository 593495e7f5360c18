import { type Dispatcher, request } from 'undici';
import { boundedJson } from '../core/bounded-body.ts';
import type { Switches } from '../core/switches.ts';
import type { LogEntry, Observation } from '../core/telemetry.ts';

const LIMIT = 200;
const GONE = 410;
/** The scorer keeps a follower waiting for 10 s at most. */
const HEADERS_MS = 20_000;
const SILENCE_MS = 10_000;
/** The scorer sends 16 Mi characters at most, or one entry, which was posted in 32 MiB. */
const ANSWER_LIMIT_BYTES = 64 * 2 ** 20;

export type LogReader = { scorer_url: string; dispatcher: Dispatcher; signal: AbortSignal };

/** Asks the scorer's log once, or says why there is nothing after `query.after`: dropped since, or another log's. */
export async function readLog(
  { scorer_url, dispatcher, signal }: LogReader,
  query: Record<string, string>,
): Promise<LogAnswer | 'trimmed' | 'ahead'> {
  const url = new URL('/v1/observations', scorer_url);
  url.search = new URLSearchParams({ ...query, limit: String(LIMIT) }).toString();
  const { statusCode, body } = await request(url, {
    dispatcher,
    signal,
    headersTimeout: HEADERS_MS,
    bodyTimeout: SILENCE_MS,
  });
  const answer = await boundedJson(body, ANSWER_LIMIT_BYTES);
  if (statusCode === GONE && 'after' in query && isObject(answer))
    return answer.title === 'ahead' ? 'ahead' : 'trimmed';
  if (statusCode !== 200)
    throw new Error(`${url.href} answered ${statusCode}: ${JSON.stringify(answer).slice(0, 300)}`);
  return parseAnswer(answer, url.href);
}

/** `switches`: not from a scorer of before there were any. */
export type LogAnswer = {
  entries: LogEntry[];
  caught_up: boolean;
  stations: string[] | undefined;
  switches: Switches | undefined;
};

function parseAnswer(answer: unknown, url: string): LogAnswer {
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
