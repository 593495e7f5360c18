import { expect, test } from 'vitest';
import { candidateAlone, driftSentence, type SeenDrift } from './drift-sentence.ts';
import { startInputDrift } from './input-drift.ts';

const candidate: SeenDrift = { side: 'candidate', detector: 'page_hinkley', events: 1, last_h: 1000 };
const stable: SeenDrift = { side: 'stable', detector: 'cusum', events: 2, last_h: 900 };
const inputs: SeenDrift = { side: 'inputs', detector: 'ks', events: 1, last_h: 1000 };
const none = startInputDrift();

test.each<[string, SeenDrift[], number, boolean, RegExp]>([
  ['nothing', [], 1000, false, /^Neither version's error has drifted/],
  [
    'the candidate alone',
    [candidate],
    1000,
    true,
    /^The candidate's error alone .*Page-Hinkley.*look at the candidate/,
  ],
  ['the stable alone', [stable], 1000, false, /^The stable version's error alone .*CUSUM/],
  ['both, days apart', [stable, candidate], 1067, false, /^The errors of both versions .*look at the data first/],
  [
    'the candidate, and the stable more than a week ago',
    [stable, candidate],
    1068,
    true,
    /^The candidate's error alone/,
  ],
  ['both more than a week ago', [stable, candidate], 1168, false, /^Neither/],
])('%s', (_what, seen, now_h, alone, sentence) => {
  expect(driftSentence(seen, none, now_h)).toMatch(sentence);
  expect(candidateAlone(seen, now_h)).toBe(alone);
});

test('inputs: how many stations, which of them, and that three weeks are needed', () => {
  expect(driftSentence([], none, 0)).toMatch(/Inputs could not be compared yet: that takes three weeks of readings\.$/);
  const looked = {
    looked_h: 1000,
    compared: 20,
    looks: { psi: { share: 0.05, stations: ['a'] }, ks: { share: 0.3, stations: ['a', 'b', 'c', 'd', 'e', 'f'] } },
  };
  expect(driftSentence([inputs], looked, 1000)).toMatch(
    /The inputs have drifted in the last week \(Kolmogorov-Smirnov\): 30 % of 20 compared stations read differently this week than in the two weeks before \(a, b, c, d, e, \.\.\.\)\.$/,
  );
  expect(driftSentence([inputs], looked, 1168)).toMatch(/The inputs as a whole have not drifted: 30 % of 20/);
});
