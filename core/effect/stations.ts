import type { Plan, StationSelector } from '../plan-types.ts';
import type { Effect, PlanChange } from './change.ts';

/** Stations that do not go with the shares. */
export function stationEffects({ before, after }: PlanChange): Effect[] {
  const effects: Effect[] = [];
  const told = (rule: string, severity: Effect['severity'], what: string, stations: string) =>
    stations === '' ? undefined : effects.push({ rule, severity, sentence: `${what}: ${stations}.` });
  const first = after.phases.find(({ kind }) => kind === 'ramp')?.weight_percent ?? 0;
  const [was, is] = [before.stations, after.stations];
  told('pins-stations', 'warning', `Answered by the candidate from ${first} % on`, added(was.pinned, is.pinned));
  told('unpins-stations', 'notice', 'With the shares again, pinned no more', added(is.pinned, was.pinned));
  told(
    'keeps-out',
    'notice',
    'Answered by the stable version until the release is promoted',
    added(was.kept_out, is.kept_out),
  );
  told('lets-in', 'warning', 'With the shares, kept out no more', added(is.kept_out, was.kept_out));
  if (was.inventory !== is.inventory)
    effects.push({
      rule: 'moves-inventory',
      severity: chosenByInventory(after) ? 'warning' : 'notice',
      sentence: `Which stations a region or a criticality has is read from ${is.inventory ?? 'nowhere'} instead of ${was.inventory ?? 'nowhere'}.`,
    });
  return effects;
}

/** What `is` chooses beyond `was`, in words. */
function added(was: readonly StationSelector[], is: readonly StationSelector[]): string {
  const old = was.map(selectorText);
  return is
    .map(selectorText)
    .filter((selector) => !old.includes(selector))
    .join(', ');
}

/** As "region north". */
export function selectorText(selector: StationSelector): string {
  return Object.entries(selector)
    .map(([by, value]) => `${by === 'id' ? 'station' : by} ${value}`)
    .join(', ');
}

function chosenByInventory({ stations: { pinned, kept_out } }: Plan): boolean {
  return [...pinned, ...kept_out].some(({ id }) => id === undefined);
}
