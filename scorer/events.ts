import {
  addEvents,
  type BusinessEvent,
  countsOf,
  EVENTS,
  type EventBatch,
  type EventCounts,
  eventFault,
  noEvents,
  type StationEvents,
} from '../core/business/events.ts';
import { isoOfHour } from '../core/telemetry.ts';
import { type DatedEvent, dayOf, type EventRepository, type Feedback } from './event-repository.ts';
import type { Ignored, IgnoredReason } from './ignored.ts';
import type { Judged } from './judged.ts';
import { NamedReleases } from './named-releases.ts';
import type { ObservationLog } from './observation-log.ts';
import { Problem } from './problem.ts';
import type { Turns } from './turns.ts';

/** Days before the watermark of which events are taken: beyond that an id is forgotten and could be counted twice. */
const IDS_DAYS = 7;
/** Days after the watermark of which events are taken: readings may be a day late, and events are not. */
const AHEAD_DAYS = 2;
/** Days before a release that it is compared with: three months, whatever else is still kept, so that a restart changes nothing. */
const BEFORE_DAYS = 92;
/** Days whose counts are kept: those, and a quarter of a year that a release takes. */
const COUNTS_DAYS = 2 * BEFORE_DAYS;

/** Whose counts of a station: those before the candidate, the control's since, and the arms'. */
type Station = { before: EventCounts; control: EventCounts; arms: Map<string, EventCounts> };
type Parts = { repository: EventRepository; judged: Judged; log: ObservationLog; turns: Turns; ignored: Ignored };
export type EventsTaken = { accepted: number; repeated: number; ignored: number };

/**
 * Engagement and feedback, each event counted once. What happened before the day on which the candidate under judgement first forecast is
 * the stations' past; later events belong to the candidate's arm, or to the control, by the release that they name.
 */
export class Events {
  readonly #parts: Parts;
  readonly #named: NamedReleases;
  #stations = new Map<string, Station>();
  /** Events of which the ids are known, by day. */
  #perDay = new Map<number, number>();

  /** Made after `judged` and `log`, on which its memory depends. */
  constructor(parts: Parts) {
    this.#parts = parts;
    this.#named = new NamedReleases(parts.judged);
    parts.turns.beforeFirst(() => this.#load());
  }

  take({ events }: EventBatch): Promise<EventsTaken> {
    const dated = events.map((event, index) => this.#dated(event, index));
    return this.#parts.turns.offer(() => this.#take(dated));
  }

  /** Counts again as the candidate now under judgement divides time and releases; called in a turn. */
  async follow(): Promise<void> {
    const { repository } = this.#parts;
    const split = this.#split();
    this.#stations = new Map();
    if (split === null) return;
    for (const { station_id, ...counts } of await repository.before(
      { from: split.day - BEFORE_DAYS, to: split.day - 1 },
      split.release,
    ))
      addEvents(this.#station(station_id).before, counts);
    for (const { station_id, release, arm, ...counts } of await repository.since(split.day))
      addEvents(this.#countsOf(station_id, { release, arm, day: split.day }, split), counts);
  }

  /** Every station's events as one arm is compared with the control. */
  ofArm(arm: string): StationEvents[] {
    return Array.from(this.#stations.values(), ({ before, control, arms }) => ({
      before,
      control,
      canary: arms.get(arm) ?? noEvents(),
    }));
  }

  feedback(limit: number): Promise<Feedback[]> {
    return this.#parts.repository.feedback(limit);
  }

  async #take(events: readonly DatedEvent[]): Promise<EventsTaken> {
    const { repository } = this.#parts;
    const today = this.#today();
    if (today === null)
      throw new Problem(409, 'no-readings', 'events are dated by the log, which is empty: post observations first');
    const ids_from = today - IDS_DAYS;
    const taken = this.#counted(events, ids_from, today + AHEAD_DAYS);
    const fresh = await repository.take(taken, ids_from, today - COUNTS_DAYS);
    for (const { day } of fresh) this.#perDay.set(day, (this.#perDay.get(day) ?? 0) + 1);
    const split = this.#split();
    if (split !== null)
      for (const event of fresh)
        if (event.release !== split.release || event.day >= split.day)
          addEvents(this.#countsOf(event.station_id, event, split), countsOf(event));
    return { accepted: fresh.length, repeated: taken.length - fresh.length, ignored: events.length - taken.length };
  }

  async #load(): Promise<void> {
    const { repository } = this.#parts;
    const today = this.#today();
    this.#perDay = await repository.perDay();
    this.#named.restore(today === null ? [] : await repository.namedReleases(today - IDS_DAYS));
    await this.follow();
  }

  /** The log's. */
  #today(): number | null {
    const { watermark_h } = this.#parts.log;
    return watermark_h === null ? null : Math.floor(watermark_h / 24);
  }

  /** Those that are counted: what the database keeps of them has a bound. */
  #counted(events: readonly DatedEvent[], first_day: number, last_day: number): DatedEvent[] {
    this.#named.forget(first_day);
    for (const day of this.#perDay.keys()) if (day < first_day) this.#perDay.delete(day);
    return events.filter((event) => {
      const reason = event.day < first_day || event.day > last_day ? 'time' : this.#reasonAgainst(event);
      if (reason !== null) this.#parts.ignored.add('event', reason, 1);
      return reason === null;
    });
  }

  /** A day is full once it has all; the batch that fills it may go beyond. */
  #reasonAgainst(event: DatedEvent): IgnoredReason<'event'> | null {
    const most = EVENTS.max_per_station_day * this.#parts.log.history.stations.length;
    if ((this.#perDay.get(event.day) ?? 0) >= most) return 'number';
    return this.#named.admit(event) ? null : 'release';
  }

  #dated(event: BusinessEvent, index: number): DatedEvent {
    const refuse = (what: string) =>
      new Problem(400, 'invalid-input', `event ${index} (${event.event_id}): ${what}`, { event_id: event.event_id });
    const fault = eventFault(event);
    if (fault !== null) throw refuse(fault);
    if (this.#parts.log.history.station(event.station_id) === undefined)
      throw refuse(`station_id: "${event.station_id}" has no readings in the log`);
    const day = dayOf(event.time);
    if (!Number.isFinite(day)) throw refuse(`time: "${event.time}" is no time in UTC like ${isoOfHour(0)}`);
    return { ...event, day };
  }

  /** The candidate, and the first day that is no longer the past. */
  #split(): { release: string; day: number } | null {
    const [session] = this.#parts.judged.sessions;
    if (session === undefined) return null;
    return { release: session.key.release, day: Math.floor(session.state.first_issue_h / 24) };
  }

  #countsOf(
    station_id: string,
    { release, arm, day }: { release: string; arm: string; day: number },
    split: { release: string; day: number },
  ): EventCounts {
    const station = this.#station(station_id);
    if (release === split.release) {
      const counts = station.arms.get(arm) ?? noEvents();
      station.arms.set(arm, counts);
      return counts;
    }
    return day < split.day ? station.before : station.control;
  }

  #station(station_id: string): Station {
    const known = this.#stations.get(station_id);
    if (known !== undefined) return known;
    const station: Station = { before: noEvents(), control: noEvents(), arms: new Map() };
    this.#stations.set(station_id, station);
    return station;
  }
}
