import { hoursText } from '../../core/duration.ts';
import { peakOf } from '../../core/effect/resources.ts';
import { textTable } from '../text-table.ts';
import { armTable } from './arm-rows.ts';
import { calendarNotes } from './calendar-notes.ts';
import { detectionHead, detectionNotes, detectionRows } from './detection-rows.ts';
import { judgeRows } from './judge-rows.ts';
import { settingHead, settingRows } from './setting-rows.ts';
import type { ShownPlan } from './shown-plan.ts';
import { stepTable } from './step-table.ts';

export function planText(shown: ShownPlan): string {
  const { plan, warnings } = shown;
  const steps = stepTable(shown);
  return [
    `${plan.service} (${plan.owner}): ${inAll(shown)}`,
    textTable([steps.head], steps.rows).join('\n'),
    ...calendarNotes(shown),
    ...(warnings.length === 0 ? [] : [warnings.map((warning) => `warning: ${warning}`).join('\n')]),
    textTable([detectionHead], detectionRows(shown)).join('\n'),
    detectionNotes(shown).join('\n'),
    ...(plan.arms === null ? [] : [armTable(plan.arms)]),
    textTable([['judge', 'value', 'meaning']], judgeRows(plan.judge)).join('\n'),
    textTable([settingHead], settingRows(plan)).join('\n'),
  ].join('\n\n');
}

/** How long a plan takes, and with how many pods and GPUs. */
export function inAll({ plan }: ShownPlan): string {
  const hours = plan.steps.reduce((sum, step) => sum + step.hours, 0);
  const peak = peakOf(plan).pods;
  const { gpus } = plan.resources.serving;
  const at_peak = `${peak} at the peak${gpus === 0 ? '' : ` with ${peak * gpus} GPUs`}`;
  return `${hoursText(hours)} in all, ${plan.replicas} pods, ${at_peak}`;
}
