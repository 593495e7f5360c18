import type { Judged } from './judged.ts';
import type { ObservationLog } from './observation-log.ts';
import type { Answer, Repository } from './repository.ts';
import type { Turns } from './turns.ts';

/** Domain hours after which answers for an issue hour are taken to be complete. */
const OPEN_HOURS = 6;

type Parts = { repository: Repository; judged: Judged; log: ObservationLog; turns: Turns };

/** Answers of issue hours that records may still come for; the database has them too, so that a kill loses none. */
export class Answers {
  readonly #parts: Parts;
  #open = new Map<number, Answer[]>();

  /** Made after `judged` and `log`, whose memory its own is loaded from. */
  constructor(parts: Parts) {
    this.#parts = parts;
    parts.turns.beforeFirst(async () => {
      this.#open = new Map();
      const from_h = this.#closed_h();
      if (from_h !== null) this.add(await parts.repository.answersAfter(from_h));
    });
  }

  /** The last issue hour that is complete at a watermark. */
  static lastComplete(watermark_h: number): number {
    return watermark_h - OPEN_HOURS;
  }

  /** What was written; answers for closed hours come too late for everyone. */
  add(answers: readonly Answer[]): void {
    const closed_h = this.#closed_h();
    if (closed_h === null) return;
    for (const { release, arm, station_id, issue_h, latency_ms } of answers) {
      if (issue_h <= closed_h) continue;
      const hour = this.#open.get(issue_h) ?? [];
      hour.push({ release, arm, station_id, issue_h, latency_ms });
      this.#open.set(issue_h, hour);
    }
  }

  of(issue_h: number): readonly Answer[] {
    return this.#open.get(issue_h) ?? [];
  }

  /** The hours after `issue_h`, in their order. */
  after(issue_h: number): [number, readonly Answer[]][] {
    return [...this.#open].filter(([hour]) => hour > issue_h).sort(([a], [b]) => a - b);
  }

  /** Drops what no session needs any more. */
  forget(): void {
    const closed_h = this.#closed_h() ?? Number.POSITIVE_INFINITY;
    for (const hour of this.#open.keys()) if (hour <= closed_h) this.#open.delete(hour);
  }

  /** Null before any reading is known. */
  #closed_h(): number | null {
    const { judged, log } = this.#parts;
    if (log.watermark_h === null) return null;
    const active = judged.sessions.filter(({ state }) => state.active);
    const complete_h = Answers.lastComplete(log.watermark_h);
    return Math.min(complete_h, ...active.map(({ state }) => state.groups.closed_h));
  }
}
