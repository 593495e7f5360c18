import { hoursText } from '../duration.ts';
import type { Hold, Plan, PlanStep, RetireStep } from '../plan-types.ts';
import { type Effect, isSame, type PlanChange, short } from './change.ts';

/** What people decide, what goes after it, and what stands on the calendar alone. */
export function holdEffects({ before, after }: PlanChange): Effect[] {
  return [
    ...approvals(heldAt(before), heldAt(after)),
    ...retireEffects(stepOf(before, 'retire'), stepOf(after, 'retire')),
    ...assessEffects(stepOf(before, 'assess'), stepOf(after, 'assess')),
    ...prepareEffects(before, after),
  ];
}

/** A hold by what it holds up: the next share, or the retire. */
type Held = Hold & { at: string };

function heldAt({ steps }: Plan): Held[] {
  return steps.flatMap((step, index) => {
    if (step.kind !== 'hold') return [];
    const next = steps[index + 1];
    return { ...step, at: next?.kind === 'ramp' ? `${next.weight_percent} %` : 'what is retired' };
  });
}

function approvals(old: readonly Held[], changed: readonly Held[]): Effect[] {
  const same = (hold: Held) => (other: Held) => other.at === hold.at;
  const on_the_way = (holds: readonly Held[]) => holds.filter(({ at }) => at.endsWith('%'));
  const gone = on_the_way(old).filter((was) => !changed.some(same(was)));
  const only = on_the_way(changed).length === 0;
  return [
    ...gone.map(
      ({ at }): Effect => ({
        rule: 'removes-hold',
        severity: 'danger',
        sentence: `Removes ${only ? 'the only approval before 100 %' : `the approval before ${at}`}: the release goes on to ${at} by its gates alone.`,
      }),
    ),
    ...changed.flatMap((is): Effect[] => {
      const was = old.find(same(is));
      if (was === undefined) return [addedHold(is)];
      if (isSame([was.reason, was.by, was.hours], [is.reason, is.by, is.hours])) return [];
      const sentence = `Before ${is.at} ${is.by ?? 'anybody who may promote'} decides: "${is.reason}", expected to take ${hoursText(is.hours)}.`;
      return [{ rule: 'changes-hold', severity: 'notice', sentence }];
    }),
  ];
}

function addedHold({ at, by, reason }: Held): Effect {
  return {
    rule: 'adds-hold',
    severity: 'notice',
    sentence: `Before ${at} ${by ?? 'somebody'} has to decide: "${reason}". Without their promotion it waits without end.`,
  };
}

type Retired = RetireStep | undefined;

function retireEffects(was: Retired, is: Retired): Effect[] {
  const [old, going] = [goingIn(was), goingIn(is)];
  const stays = old.filter((name) => !going.includes(name));
  const comes = going.filter((name) => !old.includes(name));
  const effects: Effect[] = [];
  if (comes.length > 0)
    effects.push({
      rule: 'retires-more',
      severity: 'warning',
      sentence: `After the release, once the hold before it is approved, there goes: ${comes.join(', ')}. What has a digest can be restored by it.`,
    });
  if (stays.length > 0)
    effects.push({ rule: 'retires-less', severity: 'notice', sentence: `Stays: ${stays.join(', ')}.` });
  const [approved, approves] = [was?.approved_by ?? null, is?.approved_by ?? null];
  if (approves !== null && approves !== approved)
    effects.push({
      rule: 'approves-retire',
      severity: 'danger',
      sentence: `${approves} approved it, and so it goes when this is applied: ${going.join(', ')}.`,
    });
  if (approved !== null && approves === null && is !== undefined)
    effects.push({
      rule: 'withdraws-approval',
      severity: 'notice',
      sentence: `${approved} approves it no more: what has not gone stays.`,
    });
  return effects;
}

function goingIn(step: Retired): string[] {
  if (step === undefined) return [];
  return [
    ...Object.entries(step.predictors).map(([name, digest]) => `predictor ${name} (${short(digest)})`),
    ...step.flags.map((name) => `flag ${name}`),
    ...step.dashboards.map((name) => `dashboard ${name}`),
    ...step.alerts.map((name) => `alert ${name}`),
  ];
}

type Assessed = Extract<PlanStep, { kind: 'assess' }> | undefined;

function assessEffects(was: Assessed, is: Assessed): Effect[] {
  if (was?.window_hours === is?.window_hours) return [];
  if (is === undefined)
    return [
      {
        rule: 'removes-assessment',
        severity: 'warning',
        sentence: 'Nothing assesses any more what the release brought.',
      },
    ];
  const window = (step: Assessed) => (step === undefined ? 'none' : hoursText(step.window_hours));
  const sentence = `The assessment compares ${window(is)} on each side of the release instead of ${window(was)}.`;
  const shorter = was !== undefined && is.window_hours < was.window_hours;
  return [{ rule: 'moves-assessment', severity: shorter ? 'warning' : 'notice', sentence }];
}

function prepareEffects(before: Plan, after: Plan): Effect[] {
  const prepared = ({ steps }: Plan) =>
    steps.flatMap((step) => (step.kind === 'prepare' ? [[step.what, step.hours]] : []));
  const lengths = ({ steps }: Plan, { steps: other }: Plan) =>
    steps
      .filter(({ kind, name }) => (kind === 'retire' || kind === 'assess') && other.some((step) => step.name === name))
      .map(({ name, hours }) => [name, hours]);
  if (isSame(prepared(before), prepared(after)) && isSame(lengths(before, after), lengths(after, before))) return [];
  const sentence = 'What stands on the calendar before or after the release changes: no release feels it.';
  return [{ rule: 'moves-calendar', severity: 'notice', sentence }];
}

function stepOf<K extends 'retire' | 'assess'>({ steps }: Plan, kind: K): Extract<PlanStep, { kind: K }> | undefined {
  return steps.find((step): step is Extract<PlanStep, { kind: K }> => step.kind === kind);
}
