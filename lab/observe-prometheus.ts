import { request } from 'undici';
import { readText } from './replay-scorer.ts';

const TIMEOUT_MS = 3_000;
const ANSWER_LIMIT_BYTES = 4 * 1024 * 1024;

export type Point = { at_ms: number; value: number };
type Series = { labels: Record<string, string>; points: Point[] };

/** An instant query: every series' labels and value. */
export async function queryNow(url: string, query: string, signal: AbortSignal): Promise<Series[]> {
  return await ask(url, 'query', { query }, signal);
}

/** A range query at a steady step, which may be a fraction of a second. */
export async function queryRange(
  url: string,
  { query, from_ms, to_ms, step_ms }: { query: string; from_ms: number; to_ms: number; step_ms: number },
  signal: AbortSignal,
): Promise<Series[]> {
  const seconds = (ms: number) => (ms / 1000).toFixed(3);
  return await ask(
    url,
    'query_range',
    { query, start: seconds(from_ms), end: seconds(to_ms), step: seconds(step_ms) },
    signal,
  );
}

async function ask(
  url: string,
  api: string,
  parameters: Record<string, string>,
  signal: AbortSignal,
): Promise<Series[]> {
  const answer = await request(new URL(`/api/v1/${api}`, url), {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(parameters).toString(),
    signal,
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
  });
  const text = await readText(answer.body, ANSWER_LIMIT_BYTES);
  if (answer.statusCode !== 200)
    throw new Error(`Prometheus at ${url} answered ${answer.statusCode} to ${parameters.query}: ${text.slice(0, 300)}`);
  return parseSeries(JSON.parse(text));
}

function parseSeries(answer: unknown): Series[] {
  const { data } = answer as { data?: { result?: unknown } };
  if (!Array.isArray(data?.result)) throw new Error('Prometheus answered without a result');
  // The shape is that of Prometheus' HTTP API, vector or matrix.
  const result = data.result as { metric: Record<string, string>; value?: Pair; values?: Pair[] }[];
  return result.map(({ metric, value, values }) => ({
    labels: metric,
    points: (values ?? (value ? [value] : [])).map(([at_s, number]) => ({ at_ms: at_s * 1000, value: Number(number) })),
  }));
}

type Pair = [at_s: number, value: string];
