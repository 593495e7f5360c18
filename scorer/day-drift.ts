import { dayOfHour } from '../core/assessment/score-day.ts';
import type { DriftSide } from '../core/judge/drift/drift-sentence.ts';
import { CONTROL } from './control.ts';
import { number, type Query, text } from './database.ts';

/** Drifts that began at one target hour, by side; null where a side could not be watched. */
export type WatchedHour = { target_h: number; begun: Record<DriftSide, number | null> };
/** Drifts of one day in a release's error, or under the control's name in the inputs. Days that were not watched have none. */
export type DriftDay = { day: string; release: string; arm: string; events: number };

type Watched = {
  key: { release: string; arm: string; stable: string };
  state: { stable_arm: string | null };
  watched: readonly WatchedHour[];
};

/** Of a candidate's arms, the default one first: all of them watch the same stable and the same inputs, so these are counted once. */
export function driftDays(sessions: readonly Watched[]): DriftDay[] {
  const days = new Map<string, DriftDay>();
  for (const [i, { key, state, watched }] of sessions.entries())
    for (const { target_h, begun } of watched) {
      const add = (release: string, arm: string, events: number | null) => {
        if (events === null) return;
        const day = dayOfHour(target_h);
        const name = `${day}\n${release}\n${arm}`;
        days.set(name, { day, release, arm, events: events + (days.get(name)?.events ?? 0) });
      };
      add(key.release, key.arm, begun.candidate);
      if (i > 0) continue;
      if (state.stable_arm !== null) add(key.stable, state.stable_arm, begun.stable);
      add(CONTROL.release, CONTROL.arm, begun.inputs);
    }
  return [...days.values()];
}

/** Adds to what is counted already, in the transaction that writes that the hours are closed. */
export async function addDriftDays(query: Query, days: readonly DriftDay[]): Promise<void> {
  for (const { day, release, arm, events } of days)
    await query(
      `INSERT INTO day_drift VALUES (?, ?, ?, ?) ON CONFLICT (day, release, arm)
       DO UPDATE SET events = day_drift.events + excluded.events`,
      [day, release, arm, events],
    );
}

export function driftDayOf(row: Record<string, unknown>): DriftDay {
  return { day: text(row.day), release: text(row.release), arm: text(row.arm), events: number(row.events) };
}
