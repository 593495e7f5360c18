import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Dispatcher } from 'undici';
import type { Switches } from '../core/switches.ts';
import { type LogEntry, REPLAYED_HOURS } from '../core/telemetry.ts';
import { readLog } from './log-answer.ts';

const WAIT_MS = 10_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

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
      const from = after === 0 ? { last_hours: String(REPLAYED_HOURS) } : { after: String(after) };
      const asked = { ...from, wait_ms: String(wait_ms), release: options.release, switched: String(switched) };
      const answer = await readLog(options, asked);
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
