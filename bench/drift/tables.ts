import { detectorNames as names } from '../../core/judge/drift/drift-sentence.ts';
import type { Table } from '../page.ts';
import type { FalseAlarms } from './false-alarms.ts';
import type { Found } from './level-shift.ts';
import type { Measured, Report } from './measure.ts';

const percent = (share: number) => `${Math.round(100 * share)} %`;
const signed = (size: number) => `${size > 0 ? '+' : ''}${percent(size)}`;

/** What a person reads of a report, in this order. */
export function tablesOf({ sets }: Report): Table[] {
  return sets.flatMap((set) => [alarmTable(set), shiftTable(set), lossTable(set)]);
}

function alarmTable({ telemetry, alarms }: Measured): Table {
  const perMonth = ({ fleet: { alarms, months, per_month } }: FalseAlarms) =>
    `${per_month.toFixed(2)} (${alarms} in ${months.toFixed(1)} months)`;
  return {
    title: `False alarms per month, undisturbed: ${telemetry}`,
    head: [
      'watched',
      'detector',
      'all stations',
      'one station alone',
      'published thresholds: all stations',
      'one station alone',
    ],
    rows: alarms.defaults.map((row, i) => {
      const published = alarms.published[i] ?? row;
      const alone = (found: FalseAlarms) => found.station.per_month.toFixed(3);
      return [row.watched, names[row.detector], perMonth(row), alone(row), perMonth(published), alone(published)];
    }),
  };
}

/** How often it was found, and after how many days in the middle case. */
function when({ found, days }: Found): string {
  return days === null ? 'never' : `${percent(found)}, ${days.toFixed(1)} d`;
}

function shiftTable({ telemetry, shifts }: Measured): Table {
  const detectors = shifts[0]?.found ?? [];
  const head = detectors.map(({ watched, detector }) => `${watched}: ${names[detector]}`);
  return {
    title: `Readings of some stations at another level: replays in which it was found, and days to it: ${telemetry}`,
    head: ['shift', 'stations', 'of them named by PSI / KS', ...head],
    rows: shifts.map(({ size, share, found }) => {
      const named = found.flatMap(({ stations }) => (stations === null ? [] : percent(stations.shifted)));
      return [signed(size), percent(share), named.join(' / '), ...found.map(when)];
    }),
  };
}

function lossTable({ telemetry, losses }: Measured): Table {
  const head = (losses[0]?.found ?? []).map(({ watched, detector }) => `${watched}: ${names[detector]}`);
  return {
    title: `A model that errs more, the same readings: replays in which it was found, and days to it: ${telemetry}`,
    head: ['error', ...head],
    rows: losses.map(({ factor, found }) => [signed(factor - 1), ...found.map(when)]),
  };
}

export function aboutLine({ seed, date, machine, cusum_run_length_days, sets }: Report): string {
  const measured = sets.map(({ telemetry, stations, days }) => `${telemetry} (${stations} stations, ${days} days)`);
  return `${measured.join('; ')}. Seed ${seed}, ${date}, on ${machine}. Were daily losses independent and normal, the CUSUM would alarm once in ${Math.round(cusum_run_length_days)} days.`;
}
