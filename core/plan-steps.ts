import { parseHours } from './duration.ts';
import type { WrittenPhase } from './plan-file.ts';
import type { PlanPhase, PlanStep } from './plan-types.ts';

/** The steps that a file's phases mean, each under a name of its own: "ramp-25", "hold-2". */
export function stepsOf(phases: readonly WrittenPhase[]): PlanStep[] {
  const kinds = phases.map(kindOf);
  return phases.map((phase, index) => {
    const kind = kinds[index] ?? 'ramp';
    const count = kinds.slice(0, index + 1).filter((other) => other === kind).length;
    return stepOf(phase, kind === 'shadow' || kind === 'assess' ? kind : `${kind}-${count}`);
  });
}

/** The step that a name means; the name of a kind, as "ramp", is the first of it. */
export function stepNamed(steps: readonly PlanStep[], name: string): PlanStep | undefined {
  return steps.find((step) => step.name === name) ?? steps.find(({ kind }) => kind === name);
}

export function isJudged(step: PlanStep): step is PlanPhase {
  return step.kind === 'shadow' || step.kind === 'ramp';
}

export function percentOf(text: string): number {
  return Number(text.replace('%', ''));
}

/** The field that says what a phase is. */
export function kindOf(phase: WrittenPhase): PlanStep['kind'] {
  const kinds = ['prepare', 'shadow', 'ramp', 'hold', 'retire', 'assess'] as const;
  const kind = kinds.find((kind) => phase[kind] !== undefined);
  if (kind === undefined) throw new TypeError('a phase of no kind passed the schema');
  return kind;
}

function stepOf(phase: WrittenPhase, name: string): PlanStep {
  const base = { name, hours: parseHours(phase.for), on_call: phase.on_call ?? [] };
  const { prepare, shadow, ramp, hold, retire, assess } = phase;
  const { gates = {} } = phase;
  if (shadow !== undefined)
    return { ...base, gates, kind: 'shadow', weight_percent: 0, mirror_percent: percentOf(shadow) };
  if (prepare !== undefined) return { ...base, kind: 'prepare', what: prepare };
  if (hold !== undefined) return { ...base, kind: 'hold', reason: hold, by: phase.by ?? null };
  if (retire !== undefined) return { ...base, kind: 'retire', ...nothing, ...retire };
  if (assess !== undefined) return { ...base, kind: 'assess', window_hours: parseHours(assess) };
  const weight_percent = percentOf(ramp ?? '100%');
  return { ...base, gates, name: `ramp-${weight_percent}`, kind: 'ramp', weight_percent, mirror_percent: 0 };
}

const nothing = { predictors: {}, flags: [], dashboards: [], alerts: [], approved_by: null };
