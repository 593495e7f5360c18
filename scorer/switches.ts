import { EVERY_ARM, isOff, type Switches as Told } from '../core/switches.ts';
import { armsOf } from './arms.ts';
import { Problem } from './problem.ts';
import { MOST_EVENTS, type NewSwitch, type SwitchEvent, type SwitchRepository } from './switch-repository.ts';
import type { Turns } from './turns.ts';

type Parts = { repository: SwitchRepository; registry: string; turns: Turns };

/** Events in one answer, the newest. */
const SHOWN = 100;

/**
 * The kill switches of every release: which of its arms answer nobody. Pods are told with the log that they follow anyway; while the scorer is
 * away they keep to what they were told last.
 */
export class Switches {
  readonly #parts: Parts;
  #events: SwitchEvent[] = [];
  #next = new AbortController();

  constructor(parts: Parts) {
    this.#parts = parts;
    parts.turns.beforeFirst(async () => {
      this.#events = await parts.repository.events();
      this.#wake();
    });
  }

  /** Aborts when any switch moves next: whoever waits for the log need not wait any longer. */
  get next(): AbortSignal {
    return this.#next.signal;
  }

  /** What the pods of a release are told. */
  of(release: string): Told {
    const moved = this.#events.filter((event) => event.release === release);
    const last = new Map(moved.map(({ arm, off }) => [arm, off]));
    return { version: moved.at(-1)?.id ?? 0, off: [...last].flatMap(([arm, off]) => (off ? [arm] : [])) };
  }

  isOff({ release, arm }: { release: string; arm: string }, default_arm: string): boolean {
    return isOff(arm, default_arm, new Set(this.of(release).off));
  }

  /** For people, newest first. */
  shown(): Omit<SwitchEvent, 'id'>[] {
    return this.#events
      .slice(-SHOWN)
      .reverse()
      .map(({ id: _id, ...event }) => event);
  }

  /** Moves a switch, and returns what is off then. Where it is so already, nothing is recorded. */
  async move(asked: NewSwitch): Promise<Told> {
    this.#check(asked);
    return this.#parts.turns.offer(async () => {
      const { release, arm, off } = asked;
      if (this.of(release).off.includes(arm) !== off) this.moved(await this.#parts.repository.move(asked));
      return this.of(release);
    });
  }

  /** Events that were written; called in a turn. */
  moved(events: readonly SwitchEvent[]): void {
    if (events.length === 0) return;
    this.#events = remembered([...this.#events, ...events]);
    this.#wake();
  }

  #check({ release, arm }: NewSwitch): void {
    const known = armsOf(this.#parts.registry, release);
    if (known === null || known.default_arm === null)
      throw new Problem(404, 'unknown-release', `the registry has no release ${release} whose arms go by a flag`);
    if (arm === known.default_arm)
      throw new Problem(
        409,
        'default-arm',
        `"${arm}" answers where other arms are off, so it cannot be; abort or revert the release instead`,
      );
    if (arm !== EVERY_ARM && !known.arms.includes(arm))
      throw new Problem(
        404,
        'unknown-arm',
        `"${arm}" is no arm of this release; it has ${known.arms.join(', ')}, and ${EVERY_ARM} for all but the default one`,
      );
  }

  #wake(): void {
    const woken = this.#next;
    this.#next = new AbortController();
    woken.abort();
  }
}

/** The newest events, and beyond them what is off: as the repository forgets. */
function remembered(events: readonly SwitchEvent[]): SwitchEvent[] {
  const oldest = (events.at(-1)?.id ?? 0) - MOST_EVENTS;
  const last = new Map(events.map(({ id, release, arm }) => [`${release} ${arm}`, id]));
  return events.filter(({ id, release, arm, off }) => id > oldest || (off && last.get(`${release} ${arm}`) === id));
}
