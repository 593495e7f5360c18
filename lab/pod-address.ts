/** Third part of the address of a pod that is a process; lower ones belong to the lab's own programs and to Services. */
const FIRST_X = 16;
const LAST_X = 199;
/** Third part of the address of a pod that is a container. */
export const CONTAINERS_X = { first: 200, last: 254 } as const;
const PER_X = 254;
const COUNT = (LAST_X - FIRST_X + 1) * PER_X;

/**
 * Addresses of pods that are processes. The API refuses loopback addresses, so a pod is 10.SLOT.x.y there, and its process is told, and
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

/** Addresses of pods that are processes, as a regular expression of Prometheus too; the group is what their loopback twins share with them. */
export const PROCESS_ADDRESS = '10\\.(\\d+\\.1?\\d?\\d\\.\\d+)';
const processAddress = new RegExp(`^${PROCESS_ADDRESS}$`);

/** Where a pod with this address listens: a process at the loopback twin, a container at the address itself. */
export function listeningAddress(address: string): string {
  return address.replace(processAddress, '127.$1');
}
