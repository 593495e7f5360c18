import { type FrozenWindow, frozenWindows } from './freeze.ts';
import type { Fault } from './input-error.ts';
import { faultAt, type PlanDocument, type WrittenPlan } from './plan-file.ts';
import { freezesOf } from './plan-settings.ts';
import { isLocalTime, timeAfterGap, zoneFix } from './zoned-time.ts';

/** A longer one is rather a slip in a year: it would hold a release back for a season. */
const MOST_FREEZE_DAYS = 90;
const DAY_MS = 86_400_000;

/** Days and zones that do not exist, and freezes that contradict each other. */
export function calendarFaults(
  source: PlanDocument,
  plan: Pick<WrittenPlan, 'calendar' | 'freezes' | 'retraining'>,
): Fault[] {
  const { calendar, freezes = [], retraining } = plan;
  const faults = [
    ...(calendar === undefined ? [] : dateFaults(source, ['calendar', 'start'], calendar.start)),
    ...zoneFaults(source, ['calendar', 'zone'], calendar?.zone),
    ...zoneFaults(source, ['retraining', 'zone'], retraining?.zone),
    ...freezes.flatMap(({ from, to, zone }, index) => [
      ...dateFaults(source, ['freezes', index, 'from'], from),
      ...dateFaults(source, ['freezes', index, 'to'], to),
      ...zoneFaults(source, ['freezes', index, 'zone'], zone),
    ]),
  ];
  // What is no moment cannot be compared.
  if (faults.length > 0) return faults;
  const windows = frozenWindows(freezesOf(plan));
  return [...gapFaults(source, windows), ...windowFaults(source, windows)];
}

/** A day begins all the same where its midnight is left out; a time that is left out was meant for another day. */
function gapFaults(source: PlanDocument, windows: readonly FrozenWindow[]): Fault[] {
  return windows.flatMap(({ freeze }, index) =>
    (['from', 'to'] as const).flatMap((end) => {
      const shown = freeze[end].includes(' ') ? timeAfterGap(freeze[end], freeze.zone) : null;
      if (shown === null) return [];
      return faultAt(source, ['freezes', index, end], {
        message: `${freeze[end]} is left out by the clock of ${freeze.zone}, which is set forward then`,
        fix: `write ${shown}, or a time before the clock is changed`,
      });
    }),
  );
}

function dateFaults(source: PlanDocument, path: (string | number)[], date: string): Fault[] {
  if (isLocalTime(date)) return [];
  return [
    faultAt(source, path, { message: `${date} is on no calendar`, fix: 'write a day and a time that there are' }),
  ];
}

function zoneFaults(source: PlanDocument, path: (string | number)[], zone: string | undefined): Fault[] {
  const fix = zone === undefined ? null : zoneFix(zone);
  if (fix === null) return [];
  return [faultAt(source, path, { message: `there is no time zone "${zone}"`, fix })];
}

function windowFaults(source: PlanDocument, windows: readonly FrozenWindow[]): Fault[] {
  return windows.flatMap((window, index) => {
    const { freeze, from_ms, to_ms } = window;
    const end = ['freezes', index, 'to'];
    if (to_ms <= from_ms)
      return faultAt(source, end, {
        message: `${freeze.to} is not after ${freeze.from}, its begin`,
        fix: 'write a later end',
      });
    if (to_ms - from_ms > MOST_FREEZE_DAYS * DAY_MS)
      return faultAt(source, end, {
        message: `"${freeze.name}" lasts ${Math.ceil((to_ms - from_ms) / DAY_MS)} days, and ${MOST_FREEZE_DAYS} are the most`,
        fix: 'check the year; what waits longer is better reverted',
      });
    const other = windows.slice(0, index).findIndex((earlier) => from_ms < earlier.to_ms && earlier.from_ms < to_ms);
    if (other < 0) return [];
    return faultAt(source, ['freezes', index], {
      message: `"${freeze.name}" overlaps "${windows[other]?.freeze.name}" in freezes[${other}]`,
      fix: 'write one freeze, or let one begin where the other ends',
    });
  });
}
