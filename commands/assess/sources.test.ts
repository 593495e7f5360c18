import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lineOf } from '../../core/assessment/day-fact.ts';
import { DAYS_AT_ONCE, lengthDays } from '../../core/assessment/days.ts';
import { exampleChoices, exampleFacts } from '../../core/assessment/example-facts.ts';
import { parseOptions } from './options.ts';
import { bringFacts } from './sources.ts';
import { closed, opened } from './stand-in-server.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'gridramp-facts-'));
const file = path.join(folder, 'facts.jsonl');
const facts = exampleFacts(exampleChoices);
beforeAll(() => writeFileSync(file, facts.map(lineOf).join('')));
afterAll(() => rmSync(folder, { recursive: true }));

const windows = { before: '2026-01-01..2026-03-31', after: '2026-04-01..2026-06-29' };

function brought(more: string[], { before, after } = windows) {
  const options = parseOptions(['--before', before, '--after', after, ...more]);
  if (options === null) throw new Error('no help was asked for');
  return bringFacts(options, { truth_delay_hours: 6 }, () => {});
}

test('recorded days come as they are, with where they are from', async () => {
  const source = await brought(['--facts', file]);
  expect(source.facts).toEqual(facts);
  expect(source.from).toEqual({ facts: 'recorded days of facts.jsonl', resources: null });
});

test('a window without facts is named, with the days that there are', async () => {
  const after = '2027-04-01..2027-06-30';
  await expect(brought(['--facts', file], { ...windows, after })).rejects.toThrow(
    /^--after: facts.jsonl has no facts of a release that served in 2027-04-01\.\.2027-06-30: they are of 2026-01-01 to 2026-06-29; name days/,
  );
});

test('two files that hold the same day are refused', async () => {
  const twice = brought(['--facts', file, '--facts', file]);
  await expect(twice).rejects.toThrow('--facts: two of the files have a fact of 2026-01-01 control control all');
});

test('an unreadable file is named', async () => {
  await expect(brought(['--facts', folder])).rejects.toThrow(
    /^\S+: .*; name a .jsonl or .jsonl.gz file of daily facts$/,
  );
  const text = path.join(folder, 'no.jsonl.gz');
  writeFileSync(text, 'not packed');
  await expect(brought(['--facts', text])).rejects.toThrow(/no\.jsonl\.gz: .*; name a .jsonl or .jsonl.gz file/);
});

test('a scorer is asked for every day once, a month at a time', async () => {
  const server = createServer((request, answer) => {
    const query = new URL(request.url ?? '', 'http://scorer').searchParams;
    const [from, to] = [query.get('from') ?? '', query.get('to') ?? ''];
    answer.writeHead(lengthDays({ from, to }) <= DAYS_AT_ONCE ? 200 : 400);
    answer.end(facts.flatMap((fact) => (fact.day >= from && fact.day <= to ? [lineOf(fact)] : [])).join(''));
  });
  const source = await brought(['--scorer', await opened(server)]);
  await closed(server);
  expect(source.facts).toEqual(facts);
});

test('a scorer that is not there, refuses, or has no days is named with its flag', async () => {
  let asked = 0;
  const server = createServer((_, answer) => {
    if (asked++ === 0) answer.writeHead(500).end('no database');
    else answer.end('');
  });
  const url = await opened(server);
  await expect(brought(['--scorer', url])).rejects.toThrow(
    /^--scorer: .*\/v1\/days\?from=.* answered 500: no database; /,
  );
  await expect(brought(['--scorer', url])).rejects.toThrow(
    /^--before: http.* has no facts .*: none at all; .*\n--after: /,
  );
  await closed(server);
  const other = createServer();
  const nobody = await opened(other);
  await closed(other);
  await expect(brought(['--scorer', nobody])).rejects.toThrow(
    /^--scorer: .* cannot be read \(.*ECONNREFUSED.*\); check the address/,
  );
});
