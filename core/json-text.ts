import { InputError } from './input-error.ts';

/** A text as JSON. Throws an InputError, with `fix`, where it is none; `place` is its name in messages. */
export function parseJson(text: string, place: string, fix: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InputError([{ place, message: `is not JSON (${String(cause)})`, fix }], { cause });
  }
}
