import { setTimeout as delay } from 'node:timers/promises';
import { Agent } from 'undici';
import { hourOfIso, type LogEntryInput } from '../core/telemetry.ts';
import { type Posted, postEntries } from './replay-scorer.ts';
import { emptyCounts, sendTraffic, type TrafficCounts } from './replay-traffic.ts';

type Entries = Iterable<LogEntryInput> | AsyncIterable<LogEntryInput>;

export type ReplayOptions = {
  /** One entry a domain hour, in the order of `available_at`. */
  entries: Entries;
  scorerUrl: string;
  /** Envoy's listener: `http://host:port`. */
  ingressUrl: string;
  stations: readonly string[];
  hours_per_s: number;
  /** Routed calls per domain hour at full pace; while the replay holds they go on at the same pace. */
  sample_per_hour: number;
  seed: number;
  /** Domain hour that must not be passed now: the end of the current phase. */
  limit: () => number;
  /** Ends the replay; that is its ordinary end. */
  signal: AbortSignal;
  onHour: (progress: ReplayProgress) => void;
  /** How long a scorer that does not answer is waited for. */
  patience_ms?: number;
};

export type ReplayProgress = {
  /** Domain hour that the scorer now has. */
  hour: number;
  hours_done: number;
  /** Achieved since the start, holds for the phase's end left out. */
  hours_per_s: number;
  pairs_behind: number;
  traffic: TrafficCounts;
};

export type ReplayResult = {
  hours_done: number;
  elapsed_s: number;
  /** Spent at phase ends, waiting for `limit` to move on: as planned. */
  held_s: number;
  /** Spent waiting for the scorer's pairs: the machine could not keep the pace. */
  behind_s: number;
  /** Achieved outside the holds; the pace that was asked for is `hours_per_s`. */
  achieved_hours_per_s: number;
  /** Whether the telemetry ended before the rollout did. */
  exhausted: boolean;
  traffic: TrafficCounts;
};

/** More hours of unfinished pairs than this slow the replay down. */
const MOST_PAIRS_BEHIND = 6;
const LOOK_AGAIN_MS = 25;
const PATIENCE_MS = 30_000;
/** A pause of the machine is caught up with this far; beyond it the replay is late, and its rate says so. */
const MOST_CATCH_UP_MS = 500;
/** One batch of history stays well below a megabyte for a hundred stations. */
const PRELOAD_BATCH_HOURS = 24;

/** Posts history in batches, without traffic and without pacing; returns the last answer, null where there was no entry. */
export async function preload(options: {
  entries: Entries;
  scorerUrl: string;
  signal: AbortSignal;
  patience_ms?: number;
}): Promise<Posted | null> {
  const dispatcher = new Agent({ connections: 1 });
  const { signal, patience_ms = PATIENCE_MS } = options;
  const scorer = { url: options.scorerUrl, dispatcher, signal, patience_ms };
  let last: Posted | null = null;
  let batch: LogEntryInput[] = [];
  try {
    for await (const entry of options.entries) {
      batch.push(entry);
      if (batch.length < PRELOAD_BATCH_HOURS) continue;
      last = await postEntries(scorer, batch);
      batch = [];
    }
    return batch.length > 0 ? await postEntries(scorer, batch) : last;
  } finally {
    await dispatcher.destroy();
  }
}

/**
 * Replays hour after hour at a steady pace, with routed traffic beside it, until `signal` ends it; traffic goes on when the entries are used up.
 * Rejects when the scorer stays away or refuses an entry.
 */
export async function replay(options: ReplayOptions): Promise<ReplayResult> {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const state: State = {
    hour: null,
    hours_done: 0,
    held_ms: 0,
    behind_ms: 0,
    exhausted: false,
    traffic: emptyCounts(),
  };
  const { ingressUrl, stations, seed } = options;
  const per_s = options.hours_per_s * options.sample_per_hour;
  const started_ms = performance.now();
  const parts = [
    postHours(options, signal, state, started_ms),
    sendTraffic({ ingressUrl, stations, seed, per_s, hour: () => state.hour, signal }, state.traffic),
  ];
  // A failure of one part ends the other, and is thrown when both have let go of their connections.
  const ends = await Promise.allSettled(
    parts.map((part) =>
      part.catch((error: unknown) => {
        const is_end = signal.aborted && (error === signal.reason || isAbort(error));
        stop.abort();
        if (!is_end) throw error;
      }),
    ),
  );
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  const { held_ms, behind_ms, ...rest } = state;
  const elapsed_ms = performance.now() - started_ms;
  return {
    hours_done: rest.hours_done,
    elapsed_s: elapsed_ms / 1000,
    held_s: held_ms / 1000,
    behind_s: behind_ms / 1000,
    achieved_hours_per_s: rateOf(state, elapsed_ms),
    exhausted: rest.exhausted,
    traffic: rest.traffic,
  };
}

type State = {
  hour: number | null;
  hours_done: number;
  held_ms: number;
  behind_ms: number;
  exhausted: boolean;
  traffic: TrafficCounts;
};

async function postHours(options: ReplayOptions, signal: AbortSignal, state: State, started_ms: number) {
  const dispatcher = new Agent({ connections: 1 });
  const scorer = { url: options.scorerUrl, dispatcher, signal, patience_ms: options.patience_ms ?? PATIENCE_MS };
  const period_ms = 1000 / options.hours_per_s;
  let due_ms = performance.now();
  try {
    for await (const entry of options.entries) {
      const hour = hourOfIso(entry.available_at);
      due_ms += await hold(() => hour > options.limit(), state, signal);
      await delay(Math.max(0, due_ms - performance.now()), undefined, { signal });
      due_ms = Math.max(due_ms + period_ms, performance.now() - MOST_CATCH_UP_MS);
      let { pairs_behind } = await postEntries(scorer, [entry]);
      state.hour = hour;
      state.hours_done += 1;
      const hours_per_s = rateOf(state, performance.now() - started_ms);
      options.onHour({ hour, hours_done: state.hours_done, hours_per_s, pairs_behind, traffic: state.traffic });
      const from_ms = performance.now();
      while (pairs_behind > MOST_PAIRS_BEHIND) {
        await delay(LOOK_AGAIN_MS, undefined, { signal });
        // The same entry again changes nothing in the log and tells how far the pairs are.
        ({ pairs_behind } = await postEntries(scorer, [entry]));
      }
      state.behind_ms += performance.now() - from_ms;
    }
    state.exhausted = true;
  } finally {
    await dispatcher.destroy();
  }
}

/** Waits while `is_held` says so; returns for how long. A hold that the end of the replay cuts short counts too. */
async function hold(is_held: () => boolean, state: State, signal: AbortSignal): Promise<number> {
  if (!is_held()) return 0;
  const from_ms = performance.now();
  try {
    while (is_held()) await delay(LOOK_AGAIN_MS, undefined, { signal });
  } finally {
    state.held_ms += performance.now() - from_ms;
  }
  return performance.now() - from_ms;
}

function rateOf({ hours_done, held_ms }: State, elapsed_ms: number): number {
  const moving_s = (elapsed_ms - held_ms) / 1000;
  return moving_s > 0 ? hours_done / moving_s : 0;
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
