import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { type DayFact, lineOf, parseDayFacts } from '../../core/assessment/day-fact.ts';
import { pieces, type Range } from '../../core/assessment/days.ts';
import { InputError } from '../../core/input-error.ts';
import { textOf } from './answer.ts';

/** Uncompressed: 4,400 facts of 1,000 stations are 200 MB. */
const MOST_BYTES = 500_000_000;

/** Reads one file of facts; what cannot be read is an InputError. */
export async function readFacts(file: string): Promise<DayFact[]> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
    if (file.endsWith('.gz')) bytes = await promisify(gunzip)(bytes, { maxOutputLength: MOST_BYTES });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new InputError([{ place: file, message, fix: 'name a .jsonl or .jsonl.gz file of daily facts' }], { cause });
  }
  return parseDayFacts(bytes.toString('utf8'), file);
}

export async function writeFacts(file: string, facts: readonly DayFact[]): Promise<void> {
  await writeFile(file, await promisify(gzip)(facts.map(lineOf).join('')));
}

/** Asks a scorer for the facts of a range of days, a month at a time. */
export async function askScorer(url: string, range: Range): Promise<DayFact[]> {
  const facts: DayFact[] = [];
  for (const { from, to } of pieces(range)) {
    const address = `${url}/v1/days?from=${from}&to=${to}`;
    const text = await textOf('--scorer', address);
    if (text !== '') facts.push(...parseDayFacts(text, address));
  }
  return facts;
}
