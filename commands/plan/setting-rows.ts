import { formatHours } from '../../core/duration.ts';
import { short } from '../../core/effect/change.ts';
import { podText, retrainingText } from '../../core/effect/resources.ts';
import { selectorText } from '../../core/effect/stations.ts';
import type { Plan, StationRules } from '../../core/plan-types.ts';

export const settingHead = ['setting', 'value'];

/** What a plan says beside its steps, gates, arms and judge, its defaults filled in; a row each, by the field's name. */
export function settingRows(plan: Plan): string[][] {
  const { runbook, team, resources, retraining, evidence, acknowledge, rehearsal } = plan;
  return [
    ['runbook', runbook],
    ...Object.entries(team).map(([role, { contact, on_call }]) => [
      `team.${role}`,
      `${contact}${on_call === undefined ? '' : `, on call at ${on_call}`}`,
    ]),
    ...notifyRows(plan),
    ...stationRows(plan.stations),
    ...successRows(plan),
    ['resources.serving', `${podText(resources.serving)}, a pod`],
    ['resources.training', podText(resources.training)],
    ['retraining', retrainingText(retraining)],
    ['evidence', `kept for ${formatHours(evidence.retain_hours)} after a release's end`],
    ...Object.entries(acknowledge).map(([digest, reason]) => [`acknowledge ${short(digest)}`, reason]),
    [
      'rehearsal',
      `${formatHours(rehearsal.shadow_hours)} of shadow, ${formatHours(rehearsal.ramp_hours)} of each ramp`,
    ],
  ];
}

function notifyRows({ notify }: Plan): string[][] {
  if (notify.length === 0) return [['notify', 'nobody']];
  return notify.map(({ when, to }) => ['notify', `${when.join(', ')}: ${to.join(', ')}`]);
}

function stationRows({ inventory, pinned, kept_out }: StationRules): string[][] {
  return [
    ['stations.inventory', inventory ?? 'none'],
    ['stations.pinned', pinned.map(selectorText).join('; ') || 'none'],
    ['stations.kept_out', kept_out.map(selectorText).join('; ') || 'none'],
  ];
}

function successRows({ success }: Plan): string[][] {
  const { accuracy_percent, outcome_percent, latency_ms, feedback } = success;
  return [
    ['success.accuracy', `at least ${accuracy_percent} % better`],
    ['success.outcome', `at least ${outcome_percent} % better`],
    ['success.latency', `p99 at most ${latency_ms} ms above the stable's`],
    [
      'success.feedback',
      feedback === null ? 'above 3 of 5' : `at least ${feedback.score} of 5, from ${feedback.answers} answers`,
    ],
  ];
}
