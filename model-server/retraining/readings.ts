import { HISTORY_HOURS, hourOfIso, type LogEntry, type Telemetry } from '../../core/telemetry.ts';
import { type LogReader, readLog } from '../log-answer.ts';

/** 1 GiB of numbers: half a year of 25,000 stations. */
const MAX_READINGS = 2 ** 27;

/** Reads what became known in the last `history_hours` from the scorer's log, a page at a time, as it stands at the end of the last page. */
export async function loggedTelemetry(reader: LogReader, history_hours: number): Promise<Telemetry> {
  const table = new Readings(history_hours);
  let query: Record<string, string> = { last_hours: String(history_hours) };
  for (;;) {
    const answer = await readLog(reader, query);
    if (typeof answer === 'string') throw new Error(`the log was ${answer} while it was read; read it again`);
    for (const entry of answer.entries) table.add(entry);
    const last = answer.entries.at(-1);
    if (last === undefined || answer.caught_up) return table.telemetry();
    query = { after: String(last.seq) };
  }
}

/** Readings by station and target hour; a later one of the same hour corrects the earlier. */
class Readings {
  readonly #history_hours: number;
  /** The first entry may hold a fortnight from before, and the log goes on while it is read. */
  readonly #span_hours: number;
  readonly #of = new Map<string, Float64Array>();
  #start_h: number | undefined;

  constructor(history_hours: number) {
    this.#history_hours = history_hours;
    this.#span_hours = history_hours + 2 * HISTORY_HOURS;
  }

  add({ available_at, observations }: LogEntry): void {
    this.#start_h ??= hourOfIso(available_at) - HISTORY_HOURS;
    for (const { station_id, target_time, value_kw } of observations) {
      const row = hourOfIso(target_time) - this.#start_h;
      if (row < 0 || row >= this.#span_hours) continue;
      (this.#of.get(station_id) ?? this.#know(station_id))[row] = value_kw ?? Number.NaN;
    }
  }

  /** From the first hour that has a reading to the last, `history_hours` at most; stations by their id, those without any reading left out. */
  telemetry(): Telemetry {
    const ends = [...this.#of.values()].map((values) => values.findLastIndex(isKnown) + 1);
    const begins = [...this.#of.values()].map((values) => values.findIndex(isKnown));
    const end = Math.max(0, ...ends);
    const begin = Math.max(end - this.#history_hours, Math.min(end, ...begins.filter((row) => row >= 0)));
    const known = [...this.#of].filter(([, values]) => values.subarray(begin, end).some(isKnown));
    known.sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      name: 'the log',
      stations: known.map(([station_id]) => ({ station_id, name: station_id })),
      start_h: (this.#start_h ?? 0) + begin,
      hours: end - begin,
      values_kw: known.map(([, values]) => values.slice(begin, end)),
    };
  }

  #know(station_id: string): Float64Array {
    if ((this.#of.size + 1) * this.#span_hours > MAX_READINGS)
      throw new RangeError(
        `${this.#history_hours} hours of more than ${this.#of.size} stations are more than ${MAX_READINGS} readings: train on fewer hours (retraining.history)`,
      );
    const values = new Float64Array(this.#span_hours).fill(Number.NaN);
    this.#of.set(station_id, values);
    return values;
  }
}

function isKnown(value: number): boolean {
  return !Number.isNaN(value);
}
