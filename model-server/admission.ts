/** What may be under way at once: calls, and bytes of their bodies. */
export type Room = { calls: number; bytes: number };

/** Bounds the work that a server has accepted: what does not fit is refused before its body is read. */
export class Admission {
  readonly #room: Room;
  readonly #taken: Room = { calls: 0, bytes: 0 };

  constructor(room: Room) {
    this.#room = room;
  }

  get taken(): Readonly<Room> {
    return this.#taken;
  }

  /** Gives a place to a call with a body of so many bytes, and how to leave it; undefined where there is none. */
  enter(bytes: number): (() => void) | undefined {
    const { calls, bytes: held } = this.#taken;
    // A body that alone is larger than the room still comes in when nobody else is there.
    if (calls >= this.#room.calls || (calls > 0 && held + bytes > this.#room.bytes)) return undefined;
    this.#taken.calls++;
    this.#taken.bytes += bytes;
    return () => {
      this.#taken.calls--;
      this.#taken.bytes -= bytes;
    };
  }
}
