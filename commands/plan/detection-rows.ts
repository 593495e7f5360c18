import { lossText } from '../../core/judge/guard-detects.ts';
import { POWER } from '../../core/judge/loss-power.ts';
import type { ShownPhase, ShownPlan } from './shown-plan.ts';

export const detectionHead = ['gate', 'threshold', 'phases', 'detects'];

/** What each gate can find, a row for each stretch of phases in which it finds the same. */
export function detectionRows({ phases, gates }: ShownPlan): string[][] {
  return gates.flatMap((gate) => {
    const found = phases.flatMap(({ name, gates_detect }) => {
      const here = gates_detect.find((detection) => detection.gate === gate.name);
      return here === undefined ? [] : { phase: name, detects: here.detects };
    });
    return stretches(found).map(({ from, to, length, detects }, index) => {
      const where = length === phases.length ? 'all' : from === to ? from : `${from} to ${to}`;
      return index === 0 ? [gate.name, limitsText(gate), where, detects] : ['', '', where, detects];
    });
  });
}

type Stretch = { from: string; to: string; length: number; detects: string };

function stretches(found: readonly { phase: string; detects: string }[]): Stretch[] {
  const joined: Stretch[] = [];
  for (const { phase, detects } of found) {
    const last = joined.at(-1);
    if (last?.detects === detects) {
      last.to = phase;
      last.length++;
    } else joined.push({ from: phase, to: phase, length: 1, detects });
  }
  return joined;
}

function limitsText({ threshold, unit, own }: ShownPlan['gates'][number]): string {
  return [`${threshold} ${unit}`, ...own.map((limit) => `${limit.phase}: ${limit.threshold}`)].join(', ');
}

/** What the numbers assume, and what they are under other assumptions; a line each. */
export function detectionNotes({ phases, fleet }: ShownPlan): string[] {
  const asked =
    fleet.stations === null
      ? 'of any number of stations, at best; --stations N says it of N'
      : `of ${fleet.stations} stations that ask once an hour`;
  return [
    `detects: ${asked}; harm that is there from the release's start on`,
    ...phases.slice(0, 1).flatMap(accuracyNotes),
    ...outcomeNotes(phases),
  ];
}

/** What is assumed, and the recorded sets side by side. */
function accuracyNotes({ name, accuracy }: ShownPhase): string[] {
  const models = [...new Set(accuracy.otherwise.map((power) => power.models))];
  const losses = models.map((kind) => {
    const found = accuracy.otherwise.filter((power) => power.models === kind).map(({ detects }) => least(detects));
    return `${kind} ${found.join(' or ')}`;
  });
  return [
    `accuracy: found by the phase's end with a power of ${100 * POWER} %, as between ${accuracy.models} models on ${accuracy.set}`,
    `accuracy by the end of ${name}, on one recorded set or the other, between models that are: ${losses.join('; ')}`,
  ];
}

function least(detects: number | null): string {
  return detects === null ? 'none' : lossText(detects);
}

/** What comparing the stations of the two groups may show; the second spread of the stations is the unquiet one. */
function outcomeNotes(phases: readonly ShownPhase[]): string[] {
  const ramps = phases.flatMap(({ name, kind, detectable_change }) =>
    kind !== 'ramp' || detectable_change === null || detectable_change.every(({ change }) => change === null)
      ? []
      : { name, changes: detectable_change },
  );
  if (ramps.length === 0) return [];
  const listed = (of: (ramp: (typeof ramps)[number]) => string) =>
    ramps.map((ramp) => `${ramp.name} ${of(ramp)}`).join(', ');
  const needed = listed(({ changes }) => changes.map((each) => each.stations_for_5_percent).join(' or '));
  return [
    `outcomes: engagement and feedback, where stations vary by 10 %; by 15 %: ${listed(({ changes }) => least(changes[1]?.change ?? null))}`,
    `stations in the canary for a change of 5 %, looked at once, where they vary by 10 or 15 %: ${needed}`,
  ];
}
