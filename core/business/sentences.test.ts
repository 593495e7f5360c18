import { expect, test } from 'vitest';
import { zeroCost } from './cost.ts';
import { noStationEvents } from './events.ts';
import { costSentence, groupSentence } from './sentences.ts';

const tariff = { currency: 'EUR', shortfall_per_mwh: 40, surplus_per_mwh: 20 };

test('cost is told for the same station-hours, with what is saved or lost', () => {
  expect(costSentence(zeroCost(), tariff)).toBe('No station-hour has a price yet.');
  const sums = { station_hours: 24, energy_mwh: 3, stable: 50, candidate: 40 };
  expect(costSentence(sums, tariff)).toBe(
    "Over the same 24 station-hours the stable's errors cost 50.00 EUR and the candidate's 10.00 EUR less (20.0 % of it).",
  );
  expect(costSentence({ ...sums, candidate: 60 }, tariff)).toContain('10.00 EUR more');
});

test('engagement is told before and since, and what is proven of it', () => {
  const events = noStationEvents();
  expect(groupSentence('engagement', events, null)).toBe('No recommendation was shown to anyone yet.');
  Object.assign(events.before, { shown: 10, followed: 5 });
  Object.assign(events.canary, { shown: 4, followed: 3 });
  const look = { stations: { canary: 12, control: 103 }, difference: 0.2, sigma_u: 0.1, margin: 0.1 };
  const told = groupSentence('engagement', events, { ...look, lower: 0.1, upper: 0.3 });
  expect(told).toMatch(/50\.0 % before the release, – with the stable and 75\.0 % with the candidate since/);
  expect(told).toMatch(/20\.0 % more than the others \(± 10\.0 %\), which is a proven gain\.$/);
  expect(groupSentence('engagement', events, { ...look, lower: -0.1, upper: 0.3 })).toContain('may be chance');
  expect(groupSentence('engagement', events, { ...look, lower: -0.3, upper: -0.1 })).toContain('a proven loss');
  expect(groupSentence('feedback', events, null)).toBe('Nobody has given a score yet.');
});
