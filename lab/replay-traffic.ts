import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { randomOf } from '../core/random.ts';
import { STATION_HEADER } from '../core/record.ts';
import { isoOfHour } from '../core/telemetry.ts';
import { readText } from './replay-scorer.ts';

export type TrafficCounts = {
  sent: number;
  /** Forecasts by the pod-template hash that answered. */
  answered: Map<string, number>;
  fallbacks: number;
  /** Failed calls by HTTP status or error code. */
  errors: Map<string, number>;
  /** Calls not made, because too many were under way. */
  shed: number;
  /** Which stations each pod-template hash has answered. */
  stations: Map<string, Set<string>>;
};

type Traffic = {
  ingressUrl: string;
  stations: readonly string[];
  seed: number;
  per_s: number;
  /** The hour that callers ask for now; null before the first. */
  hour: () => number | null;
  signal: AbortSignal;
};

const MOST_UNDER_WAY = 32;
const CALL_TIMEOUT_MS = 5_000;
const ANSWER_LIMIT_BYTES = 64 * 1024;
/** Hashes and error kinds are few; whatever else appears is counted as "other". */
const MOST_KINDS = 16;

/**
 * Routed traffic through the ingress, one station a call, evenly spread in time: bursts would queue in the servers and show as latency.
 * It goes on while the replay holds, as callers do, so that rates never starve. Failed calls are counted, not repeated.
 */
export async function sendTraffic(traffic: Traffic, counts: TrafficCounts): Promise<void> {
  const agent = new Agent({ connections: MOST_UNDER_WAY, pipelining: 1, connectTimeout: CALL_TIMEOUT_MS });
  const next_station = rotation(traffic.stations, traffic.seed);
  const under_way = new Set<Promise<void>>();
  const pause_ms = 1000 / traffic.per_s;
  let due_ms = performance.now();
  try {
    while (!traffic.signal.aborted) {
      due_ms = Math.max(due_ms + pause_ms, performance.now() - 1000);
      await delay(Math.max(0, due_ms - performance.now()), undefined, { signal: traffic.signal }).catch(() => {});
      const hour = traffic.hour();
      if (hour === null || traffic.signal.aborted) continue;
      if (under_way.size >= MOST_UNDER_WAY) counts.shed += 1;
      else {
        const call = callOnce(traffic, agent, next_station(), hour, counts).finally(() => under_way.delete(call));
        under_way.add(call);
      }
    }
    await Promise.all(under_way);
  } finally {
    await agent.destroy();
  }
}

export function emptyCounts(): TrafficCounts {
  return { sent: 0, answered: new Map(), fallbacks: 0, errors: new Map(), shed: 0, stations: new Map() };
}

async function callOnce(traffic: Traffic, agent: Agent, station_id: string, hour: number, counts: TrafficCounts) {
  counts.sent += 1;
  try {
    const answer = await request(new URL('/v1/forecast', traffic.ingressUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json', [STATION_HEADER]: station_id },
      body: JSON.stringify({ issue_time: isoOfHour(hour), station_ids: [station_id] }),
      dispatcher: agent,
      signal: traffic.signal,
      headersTimeout: CALL_TIMEOUT_MS,
      bodyTimeout: CALL_TIMEOUT_MS,
    });
    const text = await readText(answer.body, ANSWER_LIMIT_BYTES);
    if (answer.statusCode === 200) countAnswer(text, station_id, counts);
    else countOne(counts.errors, `HTTP ${answer.statusCode}`);
  } catch (error) {
    if (!traffic.signal.aborted) countOne(counts.errors, codeOf(error));
  }
}

function countAnswer(text: string, station_id: string, counts: TrafficCounts): void {
  const answer: unknown = JSON.parse(text);
  const records = isObject(answer) && Array.isArray(answer.records) ? answer.records : [];
  const record: unknown = records[0];
  if (!isObject(record) || typeof record.pod_hash !== 'string' || record.station_id !== station_id) {
    countOne(counts.errors, 'not a forecast of the station');
    return;
  }
  if (record.fallback === true) counts.fallbacks += 1;
  const hash = countOne(counts.answered, record.pod_hash);
  const stations = counts.stations.get(hash) ?? new Set();
  counts.stations.set(hash, stations.add(station_id));
}

function countOne(counts: Map<string, number>, kind: string): string {
  const key = counts.has(kind) || counts.size < MOST_KINDS ? kind : 'other';
  counts.set(key, (counts.get(key) ?? 0) + 1);
  return key;
}

function codeOf(error: unknown): string {
  if (error instanceof SyntaxError) return 'not JSON';
  return isObject(error) && typeof error.code === 'string' ? error.code : String(error).slice(0, 80);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Every station once, in a seeded order, then all of them again in another. */
export function rotation(stations: readonly string[], seed: number): () => string {
  if (stations.length === 0) throw new RangeError('there is no station to ask for');
  const random = randomOf(seed);
  let left: string[] = [];
  return () => {
    if (left.length === 0) left = [...stations];
    const [station = ''] = left.splice(Math.floor(random() * left.length), 1);
    return station;
  };
}
