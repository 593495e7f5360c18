import { type Gate, isFloor } from '../gate.ts';
import { type Plan, type PlanPhase, thresholdIn } from '../plan.ts';
import type { Effect, PlanChange } from './change.ts';

/** Limits that a plan moves. Argo takes an AnalysisTemplate when a phase begins, so a phase that runs keeps its own. */
export function gateEffects({ before, after, gates }: PlanChange): Effect[] {
  return gates.flatMap((gate) => {
    const [was, is] = [thresholdIn(before, gate), thresholdIn(after, gate)];
    const everywhere = was === is ? [] : [moved(gate, was, is, '')];
    return [...everywhere, ...after.phases.flatMap((phase) => inPhase(before, after, gate, phase))];
  });
}

/** A phase whose own limit moves otherwise than the plan's does. */
function inPhase(before: Plan, after: Plan, gate: Gate, phase: PlanPhase): Effect[] {
  const earlier = before.phases.find(({ name }) => name === phase.name);
  if (earlier?.gates[gate.name] === undefined && phase.gates[gate.name] === undefined) return [];
  const [was, is] = [thresholdIn(before, gate, earlier), thresholdIn(after, gate, phase)];
  return was === is ? [] : [moved(gate, was, is, ` in ${phase.name}`)];
}

function moved(gate: Gate, was: number, is: number, where: string): Effect {
  const looser = allowsMore(gate, was, is);
  return {
    rule: looser ? 'loosens-gate' : 'tightens-gate',
    severity: looser ? 'danger' : 'notice',
    sentence: `The limit of ${gate.name}${where} is ${is} ${gate.unit} instead of ${was}: ${looser ? 'more harm passes' : 'it aborts sooner'}, from the next phase of a running release on.`,
  };
}

/** A floor is looser when it is lower, a limit when it is higher. */
function allowsMore(gate: Gate, was: number, is: number): boolean {
  return isFloor(gate) ? is < was : is > was;
}
