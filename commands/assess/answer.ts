import { boundedText } from '../../core/bounded-body.ts';
import { InputError } from '../../core/input-error.ts';

const TIMEOUT_MS = 60_000;
/** 400 days of ten releases and a control with 1,000 stations each. */
const ANSWER_LIMIT_BYTES = 500_000_000;

/** The text that an address answers with; whatever goes wrong is an InputError at `place`, the flag that names the address. */
export async function textOf(place: string, address: string, request: RequestInit = {}): Promise<string> {
  const fault = (message: string, fix: string, cause?: unknown) =>
    new InputError([{ place, message: `${address} ${message}`, fix }], { cause });
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(address, { ...request, signal: AbortSignal.timeout(TIMEOUT_MS) });
    text = answer.body === null ? '' : await boundedText(answer.body, ANSWER_LIMIT_BYTES);
  } catch (error) {
    throw fault(`cannot be read (${reasonOf(error)})`, 'check the address, and that it runs', error);
  }
  if (answer.ok) return text;
  throw fault(`answered ${answer.status}: ${text.slice(0, 300)}`, 'check that it is the address of the right program');
}

/** What fetch says is "fetch failed"; why is in its cause, which for several addresses has no message but a code. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return reasonOf(error.cause);
  return error.message || ('code' in error ? String(error.code) : error.name);
}
