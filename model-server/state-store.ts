import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { statesPath } from '../core/registry.ts';
import { DRAFT, ifMissing, replaceFile, writeOnce } from './shared-files.ts';
import { decodeTable, encodeTable, type LearnedTable } from './state-file.ts';

/** Boundaries that are kept: what was forecast in the last two weeks can be made again. */
export const KEPT_BOUNDARIES = 14;

const FILE = /^(\d{1,9})\.states$/;
/** A draft this old was left by a process that is no more. */
const STALE_DRAFT_MS = 3_600_000;

/**
 * What an arm of a release has learned, one file per day boundary, in a folder that all its pods and the recomputer share. Whoever reaches a
 * boundary first writes its file and all others take it over, so that they agree on it wherever they began to read the log. A reader sees
 * a whole file or none.
 */
export class StateStore {
  readonly #folder: string;
  readonly #size: number;
  readonly #onDamaged: (path: string, error: Error) => void;

  /** `size`: of the arm's model; `onDamaged` is told of files that are not whole, which are treated as if they were not there. */
  constructor(
    folder: string,
    { release, arm, size }: { release: string; arm: string; size: number },
    onDamaged: (path: string, error: Error) => void,
  ) {
    this.#folder = join(folder, statesPath(release, arm));
    this.#size = size;
    this.#onDamaged = onDamaged;
  }

  /** The table of a boundary, if it is there and whole. */
  async read(boundary_h: number): Promise<LearnedTable | undefined> {
    const path = this.#path(boundary_h);
    const bytes = await readFile(path).catch(ifMissing);
    if (bytes === undefined) return undefined;
    try {
      const table = decodeTable(bytes);
      if (table.boundary_h !== boundary_h || table.size !== this.#size)
        throw new RangeError(`it is of boundary ${table.boundary_h} with ${table.size} numbers a station`);
      return table;
    } catch (error) {
      if (!(error instanceof RangeError || error instanceof SyntaxError)) throw error;
      this.#onDamaged(path, error);
      return undefined;
    }
  }

  /** The newest whole table at or before a boundary. */
  async newest(boundary_h: number): Promise<LearnedTable | undefined> {
    for (const known_h of await this.#boundaries()) {
      const table = known_h <= boundary_h ? await this.read(known_h) : undefined;
      if (table !== undefined) return table;
    }
    return undefined;
  }

  /** Writes a table unless another process has written that of its boundary; gives the one that counts. */
  async publish(table: LearnedTable): Promise<LearnedTable> {
    const [path, bytes] = [this.#path(table.boundary_h), encodeTable(table)];
    if (!(await writeOnce(path, bytes))) {
      const theirs = await this.read(table.boundary_h);
      if (theirs !== undefined) return theirs;
      await replaceFile(path, bytes);
    }
    await this.#forgetOld();
    return table;
  }

  /** Newest first. */
  async #boundaries(): Promise<number[]> {
    const names = (await readdir(this.#folder).catch(ifMissing)) ?? [];
    return names
      .flatMap((name) => FILE.exec(name)?.[1] ?? [])
      .map(Number)
      .toSorted((a, b) => b - a);
  }

  async #forgetOld(): Promise<void> {
    for (const boundary_h of (await this.#boundaries()).slice(KEPT_BOUNDARIES))
      await rm(this.#path(boundary_h), { force: true });
    for (const name of await readdir(this.#folder)) {
      if (!name.startsWith(DRAFT)) continue;
      const made = await stat(join(this.#folder, name)).catch(ifMissing);
      if (made !== undefined && Date.now() - made.mtimeMs > STALE_DRAFT_MS)
        await rm(join(this.#folder, name), { force: true });
    }
  }

  #path(boundary_h: number): string {
    return join(this.#folder, `${boundary_h}.states`);
  }
}
