import { type FrozenWindow, frozenWindows } from '../freeze.ts';
import type { Freeze, Plan } from '../plan-types.ts';
import { type Effect, isSame, type PlanChange } from './change.ts';

/** What moves on the calendar: its first day, the windows in which nothing advances, and trainings. */
export function calendarEffects({ before, after }: PlanChange): Effect[] {
  return [...startEffects(before, after), ...freezeEffects(before, after), ...trainingEffects(before, after)];
}

function startEffects({ calendar: was }: Plan, { calendar: is }: Plan): Effect[] {
  if (isSame(was, is)) return [];
  const day = (calendar: Plan['calendar']) => (calendar === null ? 'no day' : `${calendar.start} (${calendar.zone})`);
  const sentence = `The calendar begins on ${day(is)} instead of ${day(was)}; no release begins or ends by it.`;
  return [{ rule: 'moves-start', severity: 'notice', sentence }];
}

function freezeEffects(before: Plan, after: Plan): Effect[] {
  const [old, changed] = [frozenWindows(before.freezes), frozenWindows(after.freezes)];
  const same =
    ({ freeze }: FrozenWindow) =>
    (other: FrozenWindow) =>
      other.freeze.name === freeze.name;
  return [
    ...old.filter((was) => !changed.some(same(was))).map(({ freeze }) => removed(freeze)),
    ...changed.flatMap((is) => {
      const was = old.find(same(is));
      if (was === undefined) return added(is.freeze);
      return isSame(was, is) ? [] : moved(was, is);
    }),
  ];
}

function removed(freeze: Freeze): Effect {
  const sentence = `Releases advance ${told(freeze)} again: the freeze "${freeze.name}" goes.`;
  return { rule: 'removes-freeze', severity: 'warning', sentence };
}

function added(freeze: Freeze): Effect {
  const sentence = `Nothing advances ${told(freeze)}, "${freeze.name}": a phase that would end then goes on until its end. An abort still acts at once.`;
  return { rule: 'adds-freeze', severity: 'notice', sentence };
}

/** Less is frozen where some moment of the old window is not in the new one. */
function moved(was: FrozenWindow, is: FrozenWindow): Effect {
  const frees = is.from_ms > was.from_ms || is.to_ms < was.to_ms;
  return {
    rule: frees ? 'shortens-freeze' : 'lengthens-freeze',
    severity: frees ? 'warning' : 'notice',
    sentence: `The freeze "${is.freeze.name}" is ${told(is.freeze)} instead of ${told(was.freeze)}${frees ? ': releases advance in what it leaves' : ''}. A release that waits in it already keeps the old end.`,
  };
}

function told({ from, to, zone }: Freeze): string {
  return `from ${from} to ${to} (${zone})`;
}

function trainingEffects({ trainings: old }: Plan, { trainings: changed }: Plan): Effect[] {
  const notice = (rule: string, sentence: string): Effect => ({ rule, severity: 'notice', sentence });
  const same = (one: Plan['trainings'][number]) => (other: typeof one) =>
    other.title === one.title && other.before === one.before;
  const when = ({ before, days_before, at }: Plan['trainings'][number]) => `${days_before}d before ${before}, at ${at}`;
  return [
    ...old
      .filter((was) => !changed.some(same(was)))
      .map(({ title, before }) => notice('removes-training', `Nobody is taught "${title}" before ${before} any more.`)),
    ...changed.flatMap((is) => {
      const was = old.find(same(is));
      if (was === undefined) return notice('adds-training', `"${is.title}" is taught ${when(is)}.`);
      return isSame(was, is)
        ? []
        : notice(
            'moves-training',
            `"${is.title}" is taught ${when(is)}, ${is.minutes} min${is.for === undefined ? '' : `, for ${is.for}`}.`,
          );
    }),
  ];
}
