import { readFileSync } from 'node:fs';
import nodeIcal, { type VEvent } from 'node-ical';
import { expect, test } from 'vitest';
import { calendarEvents } from '../../core/calendar-events.ts';
import { parsePlan } from '../../core/plan.ts';
import { icsText } from './ics.ts';

const shipped = readFileSync('rollouts/forecast.yaml', 'utf8');
const now = new Date('2026-10-01T12:00:00Z');

function exported(text: string, at = now): string {
  const plan = parsePlan(text, 'forecast.yaml');
  return icsText(plan.service, calendarEvents(plan, { start: '2026-11-02', zone: 'UTC' }), at);
}

/** What another library reads from it. */
function events(ics: string): VEvent[] {
  return Object.values(nodeIcal.sync.parseICS(ics)).filter((part): part is VEvent => part?.type === 'VEVENT');
}

const moment = (date: Date) => date.toISOString().slice(0, 16);

test('another reader finds every milestone at its time', () => {
  expect(
    events(exported(shipped)).map(
      ({ uid, summary, start, end }) => `${uid}: ${summary}, ${moment(start)} ${moment(end ?? start)}`,
    ),
  ).toMatchInlineSnapshot(`
    [
      "forecast.prepare.1@gridramp: forecast: preparation, 2026-11-02T00:00 2026-11-16T00:00",
      "forecast.shadow.1@gridramp: forecast: shadow, 2026-11-16T00:00 2026-11-30T00:00",
      "forecast.ramp.1@gridramp: forecast: 10 % of the stations, 2026-11-30T00:00 2026-12-07T00:00",
      "forecast.ramp.2@gridramp: forecast: 25 % of the stations, 2026-12-07T00:00 2027-01-03T23:00",
      "forecast.ramp.3@gridramp: forecast: 50 % of the stations, 2027-01-03T23:00 2027-01-10T23:00",
      "forecast.ramp.4@gridramp: forecast: 75 % of the stations, 2027-01-10T23:00 2027-01-24T23:00",
      "forecast.ramp.5@gridramp: forecast: 100 % of the stations, 2027-01-24T23:00 2027-02-07T23:00",
      "forecast.hold.1@gridramp: forecast: hold, 2027-02-07T23:00 2027-02-09T23:00",
      "forecast.retire.1@gridramp: forecast: retire, 2027-02-09T23:00 2027-02-10T23:00",
      "forecast.assess.1@gridramp: forecast: assessment, 2027-02-10T23:00 2027-02-14T23:00",
      "forecast.freeze-holidays-and-winter-peak.1@gridramp: forecast: freeze: holidays and winter peak, 2026-12-18T17:00 2027-01-03T23:00",
      "forecast.window-before.1@gridramp: forecast: window before the release, for the assessment, 2026-09-01T00:00 2026-11-30T00:00",
      "forecast.window-after.1@gridramp: forecast: window after the release, for the assessment, 2027-02-07T23:00 2027-05-08T23:00",
      "forecast.training-reading-the-new-charts-ramp.1@gridramp: forecast: training: Reading the new charts, 2026-11-25T10:00 2026-11-25T11:00",
      "forecast.training-what-the-forecast-s-alerts-mean-and-what-to-do-shadow.1@gridramp: forecast: training: What the forecast's alerts mean, and what to do, 2026-11-13T10:00 2026-11-13T11:30",
    ]
  `);
});

test('what a hold decides, who is on call and what a step waits for are told with it', () => {
  const found = (uid: string) => events(exported(shipped)).find((event) => event.uid === `forecast.${uid}@gridramp`);
  expect(found('hold.1')?.description).toBe(
    'product decides: the earlier forecast may go\nOn call: devops.\nRunbook of forecast: docs/runbooks/forecast-release.md',
  );
  expect(found('ramp.2')?.description).toContain('Goes on until the end of the freeze "holidays and winter peak".');
  expect(found('retire.1')?.description).toContain('predictors: seasonal-24h');
});

test('whoever imports it again after a change has the events moved, not twice', () => {
  const changed = shipped
    .replace('- ramp: 10%\n    for: 7d', '- ramp: 12%\n    for: 9d')
    .replace('from: 2026-12-18 18:00', 'from: 2026-12-20');
  const later = new Date(now.getTime() + 60_000);
  const [before, after] = [events(exported(shipped)), events(exported(changed, later))];
  expect(after.map(({ uid }) => uid)).toEqual(before.map(({ uid }) => uid));
  expect(new Set(after.map(({ uid }) => uid)).size).toBe(after.length);
  expect(Number(after[0]?.sequence)).toBe(Number(before[0]?.sequence) + 1);
  expect(after.find(({ uid }) => uid.startsWith('forecast.ramp.1'))?.summary).toBe('forecast: 12 % of the stations');
});

test('two freezes of one name are two events', () => {
  const freeze = '  - { name: Holidays and winter peak, from: 2027-12-20, to: 2028-01-03 }\n';
  const uids = events(exported(shipped.replace('freezes:\n', `freezes:\n${freeze}`))).map(({ uid }) => uid);
  expect(uids.filter((uid) => uid.includes('freeze'))).toEqual([
    'forecast.freeze-holidays-and-winter-peak.1@gridramp',
    'forecast.freeze-holidays-and-winter-peak.2@gridramp',
  ]);
});

test('what an author writes stays text: lines are folded at 75 bytes, and no property can be smuggled in', () => {
  const title = 'Übung; Wörter, die "zählen": a\\b END:VEVENT '.repeat(4).trim();
  const ics = exported(shipped.replace('title: Reading the new charts', `title: ${JSON.stringify(title)}`));
  const lines = ics.split('\r\n');
  expect(lines.filter((line) => Buffer.byteLength(line) > 75)).toEqual([]);
  expect(ics.replaceAll('\r\n', '')).not.toContain('\n');
  const [training] = events(ics).filter(({ uid }) => uid.includes('.training-') && uid.endsWith('ramp.1@gridramp'));
  expect(training?.summary).toBe(`forecast: training: ${title}`);
  expect(events(ics)).toHaveLength(15);
});
