import { setTimeout as delay } from 'node:timers/promises';
import { type Dispatcher, errors, request } from 'undici';
import type { LogEntryInput } from '../core/telemetry.ts';

export type Posted = { seq: number; watermark: string; pairs_behind: number };

type Scorer = {
  url: string;
  dispatcher: Dispatcher;
  signal: AbortSignal;
  /** How long a scorer that does not answer is waited for. */
  patience_ms: number;
};

const ANSWER_LIMIT_BYTES = 64 * 1024;
const POST_TIMEOUT_MS = 10_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/** Posts entries until the scorer takes them: the log is idempotent, so a post whose answer was lost is simply made again. */
export async function postEntries(scorer: Scorer, entries: LogEntryInput[]): Promise<Posted> {
  const body = JSON.stringify({ entries });
  const given_up_at = performance.now() + scorer.patience_ms;
  for (let pause_ms = FIRST_PAUSE_MS; ; pause_ms = Math.min(2 * pause_ms, LONGEST_PAUSE_MS)) {
    const tried = await postOnce(scorer, body);
    if ('posted' in tried) return tried.posted;
    if (performance.now() + pause_ms > given_up_at) throw giveUp(scorer, entries, tried.cause);
    await delay(pause_ms, undefined, { signal: scorer.signal });
  }
}

function giveUp(scorer: Scorer, entries: LogEntryInput[], cause: unknown): Error {
  const first = entries[0]?.available_at ?? 'nothing';
  const why = cause instanceof Error ? cause.message : String(cause);
  const message = `The scorer at ${scorer.url} did not take the observations of ${first} within ${scorer.patience_ms / 1000} s: ${why}. Is it running?`;
  return new Error(message, { cause });
}

/** A refusal (4xx) is thrown: asking again would not change it. Anything else is a cause to try again. */
async function postOnce(scorer: Scorer, body: string): Promise<{ posted: Posted } | { cause: unknown }> {
  const url = new URL('/v1/observations', scorer.url);
  let status: number;
  let text: string;
  try {
    const answer = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      dispatcher: scorer.dispatcher,
      signal: scorer.signal,
      headersTimeout: POST_TIMEOUT_MS,
      bodyTimeout: POST_TIMEOUT_MS,
    });
    status = answer.statusCode;
    text = await readText(answer.body, ANSWER_LIMIT_BYTES);
  } catch (cause) {
    if (scorer.signal.aborted) throw cause;
    return { cause };
  }
  if (status >= 200 && status < 300) return { posted: parsePosted(text, url) };
  const problem = new Error(`HTTP ${status} ${text.slice(0, 500)}`);
  if (status >= 500 || status === 429 || status === 408) return { cause: problem };
  throw new Error(`The scorer refused observations at ${url}: ${problem.message}`);
}

function parsePosted(text: string, url: URL): Posted {
  const value: unknown = JSON.parse(text);
  if (typeof value === 'object' && value !== null) {
    const { seq, watermark, pairs_behind } = value as Partial<Record<keyof Posted, unknown>>;
    if (typeof seq === 'number' && typeof watermark === 'string' && typeof pairs_behind === 'number')
      return { seq, watermark, pairs_behind };
  }
  throw new Error(`${url} answered ${text.slice(0, 200)}, not {seq, watermark, pairs_behind}`);
}

/** Reads a body of at most `limit_bytes`; a longer one is an error. */
export async function readText(body: AsyncIterable<Uint8Array>, limit_bytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > limit_bytes) throw new errors.ResponseExceededMaxSizeError(`longer than ${limit_bytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
