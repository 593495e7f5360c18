import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import type { ReplayProgress } from './replay.ts';
import { emptyCounts } from './replay-traffic.ts';
import { exampleOf } from './report/example.ts';
import { createTerminal } from './terminal.ts';
import { clean } from './terminal-cells.ts';

const example = exampleOf('slow');
const totals = { stations: 115, hours: 456 };

function progress(hours_done: number) {
  const replay: ReplayProgress = {
    hour: hours_done,
    hours_done,
    hours_per_s: 15,
    pairs_behind: 0,
    traffic: emptyCounts(),
  };
  return { live: example.timeline, replay };
}

function terminal(given: { isTTY?: boolean; columns?: number; env?: Record<string, string> }) {
  let written = '';
  let now_ms = 0;
  const stream = {
    isTTY: given.isTTY ?? false,
    columns: given.columns ?? 100,
    rows: 50,
    write: (text: string) => {
      written += text;
      return true;
    },
  };
  const shown = createTerminal({ stream, env: given.env ?? {}, totals, now_ms: () => now_ms });
  return { shown, written: () => written, tick: (ms: number) => (now_ms += ms) };
}

test('plain lines: one per change, at most one a second, and what was last is said at the end', () => {
  const { shown, written, tick } = terminal({});
  for (const hours of [1, 2, 3, 3, 4]) {
    shown.update(progress(hours));
    tick(500);
  }
  shown.update(progress(4));
  tick(5000);
  shown.update(progress(4));
  shown.update(progress(5));
  shown.close();
  const hours = written()
    .trim()
    .split('\n')
    .map((line) => /hour (\d+) of 456/.exec(line)?.[1]);
  expect(hours).toEqual(['1', '3', '4', '5']);
  expect(written()).toContain(
    'ramp 10 % · 10 % of stations, 12 of 115 stations exposed so far · 20.0 % less error than stable',
  );
});

test.each([40, 60, 100])('the live view keeps within %i columns', (columns) => {
  const { shown, written } = terminal({ isTTY: true, columns });
  shown.update(progress(345));
  shown.say(`a long line ${'of words '.repeat(30)}`);
  shown.verdict(example.verdict, 'out/rehearsal/report.html');
  const lines = stripVTControlCharacters(written()).split('\n');
  expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(columns);
  expect(lines.length).toBeGreaterThan(10);
});

test('the live view shows what a watcher asks about', () => {
  const { shown, written } = terminal({ isTTY: true, columns: 140, env: { NO_COLOR: '1' } });
  shown.update(progress(345));
  const text = stripVTControlCharacters(written());
  for (const part of [
    '✓ shadow > ✗ ramp 10 %',
    '10 %',
    '12 of 115 stations',
    '20.0 % less error',
    'surely between',
    'p99 of the candidate 160 ms',
  ])
    expect(text).toContain(part);
  expect(text).toContain('hour 345 of 456, 15.0 hours/s, about 8 s left');
  expect(text).toMatch(/✗ latency 153/);
});

test('colours on a terminal, none with NO_COLOR, none in plain lines', () => {
  const has_colour = (text: string) => text.split('\u001b[').some((part) => /^[0-9;]*m/.test(part));
  const of = (isTTY: boolean, env: Record<string, string>) => {
    const { shown, written } = terminal({ isTTY, env });
    shown.verdict(example.verdict, 'report.html');
    return has_colour(written());
  };
  expect([of(true, {}), of(true, { NO_COLOR: '1' }), of(true, { TERM: 'dumb' }), of(false, {})]).toEqual([
    true,
    false,
    false,
    false,
  ]);
});

test('the verdict block: outcome, reason, gates by phase, where the report lies', () => {
  const { shown, written } = terminal({});
  shown.update(progress(349));
  shown.verdict(example.verdict, 'out/rehearsal/report.html');
  expect(written()).toMatch(
    /ABORTED[\s\S]*measured 153 ms, limit 100 ms[\s\S]*12 of 115 stations were answered[\s\S]*1\.9 s from the breach/,
  );
  expect(written()).toMatch(/shadow +ramp 10 %[\s\S]*latency +✓ 1\.67 +✗ 153/);
  expect(written().trim().endsWith('Report: out/rehearsal/report.html')).toBe(true);
});

test('control characters from outside do nothing to the terminal', () => {
  expect(clean('a\u001b[2Jb\u0007c\r\nd\u202ee\u2028f')).toBe('a [2Jb c d e f');
  for (const isTTY of [true, false]) {
    const { shown, written } = terminal({ isTTY, env: { NO_COLOR: '1' } });
    shown.say('evil \u001b]0;title\u0007 text');
    shown.verdict({ ...example.verdict, reason: 'evil \u001b[31m\u009b2J reason' }, 'report\u001b[2J.html');
    for (const sequence of ['\u001b]0', '\u001b[31m', '\u009b', '\u001b[2J']) expect(written()).not.toContain(sequence);
  }
});
