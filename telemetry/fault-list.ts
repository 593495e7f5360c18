import { codeOf } from '../core/error-code.ts';
import { type Fault, InputError } from '../core/input-error.ts';

/** A set with a million bad cells shall not print a million lines. */
const MOST_FAULTS = 20;

/** Collects every fault of a telemetry set, keeps the first few and counts the rest. */
export class FaultList {
  readonly #faults: Fault[] = [];
  #rest = 0;

  add(place: string, message: string, fix: string): void {
    if (this.#faults.length < MOST_FAULTS) this.#faults.push({ place, message, fix });
    else this.#rest += 1;
  }

  get empty(): boolean {
    return this.#faults.length === 0;
  }

  throwIfAny(folder: string): void {
    if (this.empty) return;
    const rest =
      this.#rest === 0
        ? []
        : [{ place: folder, message: `${this.#rest} more faults`, fix: 'mend the ones above and read it again' }];
    throw new InputError([...this.#faults, ...rest]);
  }
}

/** A file's value as a message shows it: quoted, and short whatever is in the file. */
export function quoted(value: string): string {
  return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
}

/** Also when the folder is a file. */
export function isNoEntry(error: unknown): boolean {
  return codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';
}
