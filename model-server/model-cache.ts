import { closeRelease, type OpenRelease } from './models.ts';

type Slot = { opening: Promise<OpenRelease>; users: number; evicted: boolean };

/** Models by release digest, the least recently used given up beyond `capacity`. A model is freed when its last user is done with it. */
export class ModelCache {
  readonly #slots = new Map<string, Slot>();
  readonly #capacity: number;
  readonly #open: (release: string) => Promise<OpenRelease>;

  constructor(capacity: number, open: (release: string) => Promise<OpenRelease>) {
    this.#capacity = capacity;
    this.#open = open;
  }

  async use<T>(release: string, work: (opened: OpenRelease) => Promise<T>): Promise<T> {
    const slot = this.#take(release);
    slot.users++;
    try {
      return await work(await slot.opening);
    } finally {
      slot.users--;
      await freeIfUnused(slot);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#slots.keys()].map((release) => this.#evict(release)));
  }

  #take(release: string): Slot {
    const known = this.#slots.get(release);
    const slot = known ?? { opening: this.#open(release), users: 0, evicted: false };
    this.#slots.delete(release);
    this.#slots.set(release, slot);
    if (known === undefined) {
      // A model that could not be opened is tried again by the next caller; this one is told by `use`.
      slot.opening.catch(() => this.#slots.delete(release));
      const [oldest] = this.#slots.keys();
      if (this.#slots.size > this.#capacity && oldest !== undefined) void this.#evict(oldest);
    }
    return slot;
  }

  async #evict(release: string): Promise<void> {
    const slot = this.#slots.get(release);
    this.#slots.delete(release);
    if (slot === undefined) return;
    slot.evicted = true;
    await freeIfUnused(slot);
  }
}

async function freeIfUnused(slot: Slot): Promise<void> {
  if (!slot.evicted || slot.users > 0) return;
  const [opened] = await Promise.allSettled([slot.opening]);
  if (opened.status === 'fulfilled') closeRelease(opened.value);
}
