import { assessedWindows, datedSteps, trainingSpan } from '../../core/calendar.ts';
import { formatHours } from '../../core/duration.ts';
import type { PlanStep } from '../../core/plan-types.ts';
import type { ShownPlan } from './shown-plan.ts';
import { beginText, endText } from './when.ts';

/** What stands beside the steps: what is decided and goes, freezes, trainings and what is assessed, a paragraph. */
export function calendarNotes({ plan, calendar, steps }: ShownPlan): string[] {
  const dated = calendar === null ? [] : datedSteps(plan, calendar);
  const lines = [
    ...plan.steps.flatMap(stepNote),
    ...steps.flatMap(({ name, waits_for }) => waits_for.map((freeze) => `* ${name} goes on through "${freeze}"`)),
    ...plan.freezes.map(({ name, from, to, zone }) => `frozen from ${from} to ${to} (${zone}): ${name}`),
    ...plan.trainings.map((training) => {
      const whom = training.for === undefined ? '' : `, for ${training.for}`;
      const when =
        calendar === null
          ? `${training.days_before}d before ${training.before}`
          : beginText(trainingSpan(training, dated, calendar).begin_ms, calendar.zone);
      const early = calendar !== null && trainingSpan(training, dated, calendar).begin_ms < (dated[0]?.begin_ms ?? 0);
      const note = early ? ', before the first day of the plan' : '';
      return `training ${when}: ${training.title}${whom}, ${training.minutes} min${note}`;
    }),
    ...plan.steps.flatMap((step) => {
      if (step.kind !== 'assess') return [];
      const length = formatHours(step.window_hours);
      if (calendar === null) return `${step.name}: ${length} before the first ramp with ${length} after the last one`;
      const { before, after } = assessedWindows(dated, step);
      const text = (span: typeof before) =>
        `${beginText(span.begin_ms, calendar.zone)} to ${endText(span.end_ms, calendar.zone)}`;
      return `${step.name}: ${text(before)} with ${text(after)}`;
    }),
  ];
  return lines.length === 0 ? [] : [lines.join('\n')];
}

function stepNote(step: PlanStep): string[] {
  if (step.kind === 'hold') return [`${step.name} waits for ${step.by ?? 'a promotion'}: ${step.reason}`];
  if (step.kind === 'prepare') return step.what.map((task) => `${step.name}: ${task}`);
  if (step.kind !== 'retire') return [];
  const { predictors, flags, dashboards, alerts, approved_by } = step;
  const going = [...Object.keys(predictors), ...flags, ...dashboards, ...alerts].join(', ');
  const noted = [...Object.keys(predictors), ...dashboards];
  return [
    `${step.name} takes away ${going}: ${approved_by === null ? 'approved by nobody yet' : `approved by ${approved_by}`}`,
    ...(noted.length === 0
      ? []
      : [`${step.name} only notes ${noted.join(', ')}: whoever keeps predictors and dashboards takes them away`]),
  ];
}
