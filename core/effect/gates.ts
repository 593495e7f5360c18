import type { Gate } from '../gate.ts';
import { thresholdIn } from '../plan.ts';
import type { Effect, PlanChange } from './change.ts';

/** Limits that a plan moves. Argo takes an AnalysisTemplate when a phase begins, so a phase that runs keeps its own. */
export function gateEffects({ before, after, gates }: PlanChange): Effect[] {
  return gates.flatMap((gate) => {
    const [was, is] = [thresholdIn(before, gate), thresholdIn(after, gate)];
    if (was === is) return [];
    const looser = allowsMore(gate, was, is);
    return {
      rule: looser ? 'loosens-gate' : 'tightens-gate',
      severity: looser ? 'danger' : 'notice',
      sentence: `The limit of ${gate.name} is ${is} ${gate.unit} instead of ${was}: ${looser ? 'more harm passes' : 'it aborts sooner'}, from the next phase of a running release on.`,
    };
  });
}

/** A floor (coverage) is looser when it is lower, a limit when it is higher: the gate's own words say which it is. */
function allowsMore(gate: Gate, was: number, is: number): boolean {
  return gate.good(0).includes('>') ? is < was : is > was;
}
