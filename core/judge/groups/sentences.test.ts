import { expect, test } from 'vitest';
import { newAssignment } from './assignment.ts';
import { newLatency } from './latency.ts';
import { latencySentence, ratioSentence } from './sentences.ts';

test('who answers the stations, and whether a group loses hours', () => {
  const settled = { ...newAssignment(), hours: 24 };
  expect(ratioSentence({ stations: 0, canary: 0 }, newAssignment(), null)).toBe('No station has been answered yet.');
  expect(ratioSentence({ stations: 115, canary: 12 }, newAssignment(), null)).toBe(
    'The candidate answers 12 of 115 stations (10.4 %).',
  );
  expect(ratioSentence({ stations: 115, canary: 12 }, settled, 3)).toContain('both groups are answered in as many');
  const lost = ratioSentence({ stations: 115, canary: 12 }, { ...settled, moves_back: 2 }, 20);
  expect(ratioSentence({ stations: 115, canary: 12 }, settled, 80)).toContain('(p < 1e-12)');
  expect(lost).toMatch(/Over the 24 hours .* \(p = 0\.0000077\).* 2 times a station went back/);
});

test('latency is proven too slow, or not, or not known', () => {
  const state = { ...newLatency(), bets: 3, exceeded: 0.5, stable_ms: 20.3 };
  expect(latencySentence(newLatency())).toContain('Too few calls');
  expect(latencySentence({ ...state, e: 2 })).toMatch(
    /50\.0 % took longer than 120 ms.*not proven \(evidence 2\.00 of 100\)/,
  );
  expect(latencySentence({ ...state, e: 150 })).toMatch(/is proven \(evidence 150, needed 100\)/);
});
