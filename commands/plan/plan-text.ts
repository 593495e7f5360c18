import { formatHours } from '../../core/duration.ts';
import { peakOf } from '../../core/effect/resources.ts';
import { textTable } from '../text-table.ts';
import { armTable } from './arm-rows.ts';
import { calendarNotes } from './calendar-notes.ts';
import { judgeRows } from './judge-rows.ts';
import type { ShownPhase, ShownPlan } from './shown-plan.ts';
import { stepTable } from './step-table.ts';

export function planText(shown: ShownPlan): string {
  const { plan, phases, gates, warnings } = shown;
  const steps = stepTable(shown);
  const ramps = phases.filter(({ kind, detectable_change }) => kind === 'ramp' && detectable_change !== null);
  return [
    `${plan.service} (${plan.owner}): ${inAll(shown)}`,
    textTable([steps.head], steps.rows).join('\n'),
    ...calendarNotes(shown),
    ...(warnings.length === 0 ? [] : [warnings.map((warning) => `warning: ${warning}`).join('\n')]),
    ...(ramps.length === 0 ? [] : [ramps.map(detectableLine).join('\n')]),
    ...(plan.arms === null ? [] : [armTable(plan.arms)]),
    textTable([['gate', 'threshold', 'judges', 'good is']], gates.map(gateRow)).join('\n'),
    textTable([['judge', 'value', 'meaning']], judgeRows(plan.judge)).join('\n'),
  ].join('\n\n');
}

/** How long a plan takes, and with how many pods and GPUs. */
export function inAll({ plan }: ShownPlan): string {
  const hours = plan.steps.reduce((sum, step) => sum + step.hours, 0);
  const peak = peakOf(plan).pods;
  const { gpus } = plan.resources.serving;
  const at_peak = `${peak} at the peak${gpus === 0 ? '' : ` with ${peak * gpus} GPUs`}`;
  return `${formatHours(hours)} in all, ${plan.replicas} pods, ${at_peak}`;
}

/** What the plan's users may promise themselves of comparing what stations do in the two groups. */
function detectableLine({ name, detectable_change }: ShownPhase): string {
  const changes = (detectable_change ?? []).flatMap(({ sigma_u, change, stations_for_5_percent }) =>
    change === null
      ? []
      : `${(100 * change).toFixed(1)} % where stations vary by ${100 * sigma_u} % (5 %: from ${stations_for_5_percent} in the canary, looked at once)`,
  );
  return changes.length === 0
    ? `${name}: too few stations in a group to compare engagement and feedback`
    : `${name}: a change of engagement or feedback shows from ${changes.join(' or ')}`;
}

export function gateRow({ name, title, threshold, unit, only, own }: ShownPlan['gates'][number]) {
  const limits = [`${threshold} ${unit}`, ...own.map((limit) => `${limit.phase}: ${limit.threshold}`)];
  return [name, limits.join(', '), only ?? 'all', title];
}
