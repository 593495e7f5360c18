/** Third part of a pod's address; lower ones belong to the lab's own programs and to Services. */
const FIRST_X = 16;
const LAST_X = 254;
const PER_X = 254;
const COUNT = (LAST_X - FIRST_X + 1) * PER_X;

/**
 * Addresses of pods. The API refuses loopback addresses, so a pod is 10.SLOT.x.y there, and its process is told, and
 * listens on, the loopback twin 127.SLOT.x.y. They are given out in turn, so that an address rests for as long as
 * possible before it comes again, and never while something lives on it.
 */
export class PodAddresses {
  readonly #slot: number;
  readonly #taken = new Set<string>();
  #next: number;

  constructor(slot: number, next = 0) {
    this.#slot = slot;
    this.#next = next;
  }

  /** Where the next claim begins to look; kept across restarts. */
  get next(): number {
    return this.#next;
  }

  claim(): string {
    for (let tries = 0; tries < COUNT; tries++) {
      const address = this.#at(this.#next);
      this.#next = (this.#next + 1) % COUNT;
      if (this.#taken.has(address)) continue;
      this.#taken.add(address);
      return address;
    }
    throw new Error(`all ${COUNT} pod addresses of slot ${this.#slot} are taken`);
  }

  /** Marks an address that something is known to live on. */
  keep(address: string): void {
    this.#taken.add(address);
  }

  /** Only once nothing lives on it any more. */
  release(address: string): void {
    this.#taken.delete(address);
  }

  #at(index: number): string {
    return `10.${this.#slot}.${FIRST_X + Math.floor(index / PER_X)}.${1 + (index % PER_X)}`;
  }
}

/** Where the process of a pod listens. */
export function loopbackTwin(address: string): string {
  return address.replace(/^10\./, '127.');
}
