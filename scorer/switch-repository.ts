import { type Database, number, type Query, type Row, text } from './database.ts';

/** A switch that somebody moved: a person, or the scorer where an arm is proven harmful. */
export type NewSwitch = {
  release: string;
  /** EVERY_ARM: all but the default one. */
  arm: string;
  off: boolean;
  who: string;
  why: string;
  /** The issue hour up to which all was settled then. */
  settled_h: number | null;
};
export type SwitchEvent = NewSwitch & { id: number };

/** Events that are kept for people to read. Beyond them only what is off is remembered. */
export const MOST_EVENTS = 1000;

/** Kill switches: what was moved, by whom and why, and so what is off now. Every method is one transaction. */
export class SwitchRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** In their order. What is off is among them, however long ago. */
  async events(): Promise<SwitchEvent[]> {
    return (await this.#db.query('SELECT * FROM arm_switch ORDER BY id')).map(switchEvent);
  }

  /** A switch acts on what answers stations, so not even a power cut loses it. */
  async move(moved: NewSwitch): Promise<SwitchEvent[]> {
    return this.#db.transaction((query) => addSwitches(query, [moved]), 'power cut');
  }
}

/** Part of another transaction: an arm that goes off by itself does so with what proved it harmful. */
export async function addSwitches(query: Query, moved: readonly NewSwitch[]): Promise<SwitchEvent[]> {
  const events: SwitchEvent[] = [];
  for (const { release, arm, off, who, why, settled_h } of moved) {
    const [row] = await query(
      `INSERT INTO arm_switch (release, arm, off, who, why, settled_h) VALUES (?, ?, ?, ?, ?, ?) RETURNING *`,
      [release, arm, Number(off), who, why, settled_h],
    );
    if (row === undefined) throw new Error(`the switch of ${arm} was not stored`);
    events.push(switchEvent(row));
  }
  if (events.length > 0) await query(FORGET, [MOST_EVENTS]);
  return events;
}

const FORGET = `DELETE FROM arm_switch WHERE id <= (SELECT max(id) FROM arm_switch) - ?
  AND (off = 0 OR id NOT IN (SELECT max(id) FROM arm_switch GROUP BY release, arm))`;

function switchEvent(row: Row): SwitchEvent {
  return {
    id: number(row.id),
    release: text(row.release),
    arm: text(row.arm),
    off: number(row.off) === 1,
    who: text(row.who),
    why: text(row.why),
    settled_h: row.settled_h === null ? null : number(row.settled_h),
  };
}
