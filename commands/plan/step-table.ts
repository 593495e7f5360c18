import { hoursText } from '../../core/duration.ts';
import { lossText } from '../../core/judge/guard-detects.ts';
import type { ShownPhase, ShownPlan } from './shown-plan.ts';

type Step = ShownPlan['steps'][number];

/** A column of the steps, and what stands in it: of a judged step its phase as well. */
type Column = { title: string; of: (step: Step, phase: ShownPhase | undefined) => string };

/** Every step of a plan, with when it is, what it takes, who looks at it and what that can find; columns that say nothing are left out. */
export function stepTable({ plan, calendar, steps, phases, gates }: ShownPlan): { head: string[]; rows: string[][] } {
  const { replicas, resources } = plan;
  const { gpus } = resources.serving;
  const judging = ({ kind }: ShownPhase) => gates.filter(({ only }) => only === null || only === kind).length;
  const columns: Column[] = [
    { title: 'step', of: ({ name }) => name },
    {
      title: calendar === null ? 'when' : `when (${calendar.zone})`,
      of: ({ when, waits_for }) => (waits_for.length === 0 ? when : `${when} *`),
    },
    { title: 'for', of: ({ hours }) => hoursText(hours) },
    { title: 'stations', of: (_step, phase) => (phase === undefined ? '' : stationsText(phase)) },
    { title: 'pods', of: (_step, phase) => (phase === undefined ? '' : `${replicas} + ${phase.canary_pods}`) },
    {
      title: 'GPUs',
      of: (_step, phase) => (gpus === 0 || phase === undefined ? '' : String((replicas + phase.canary_pods) * gpus)),
    },
    { title: 'gates', of: (_step, phase) => (phase === undefined ? '' : String(judging(phase))) },
    { title: 'judged hours', of: (_step, phase) => (phase === undefined ? '' : `≥ ${phase.min_hours}`) },
    { title: 'finds a loss', of: (_step, phase) => (phase === undefined ? '' : losses(phase)) },
    { title: 'outcomes', of: (_step, phase) => (phase?.kind === 'ramp' ? outcomes(phase) : '') },
    { title: 'on call', of: ({ on_call }) => on_call.join(', ') },
  ];
  const rows = steps.map((step) => {
    const phase = phases.find(({ name }) => name === step.name);
    return columns.map(({ of }) => of(step, phase));
  });
  const said = columns.map((_, column) => rows.some((row) => row[column] !== ''));
  const kept = (row: readonly string[]) => row.filter((_, column) => said[column]);
  return { head: kept(columns.map(({ title }) => title)), rows: rows.map(kept) };
}

function stationsText({ weight_percent, mirror_percent, stations_exposed }: ShownPhase): string {
  if (mirror_percent > 0) return `${weight_percent} %, ${mirror_percent} % copied`;
  return `${weight_percent} %${stations_exposed === null ? '' : `, about ${stations_exposed}`}`;
}

/** The least loss of accuracy that the live guard finds by the phase's end. */
function losses({ accuracy: { detects } }: ShownPhase): string {
  return detects === null ? 'none' : `from ${lossText(detects)}`;
}

/** The least change of users' outcomes that its groups can show, where stations vary as usual. */
function outcomes({ detectable_change }: ShownPhase): string {
  const change = detectable_change?.[0]?.change;
  return change == null ? '' : `from ${lossText(change)}`;
}
