import type { Fault } from './input-error.ts';
import { faultAt, type PlanDocument, type WrittenPlan } from './plan-file.ts';
import { kindOf } from './plan-steps.ts';
import type { PlanStep } from './plan-types.ts';

type Kind = PlanStep['kind'];

/** One phase and where it stands among the others. */
type Placed = { kind: Kind; index: number; kinds: readonly Kind[]; shadow: number; last_ramp: number };

/** Where preparations, holds, retire and assess may stand; orderFaults says where shadow and ramps may. */
export function placeFaults(source: PlanDocument, { phases }: Pick<WrittenPlan, 'phases'>): Fault[] {
  const kinds = phases.map(kindOf);
  const [shadow, last_ramp] = [kinds.indexOf('shadow'), kinds.lastIndexOf('ramp')];
  return phases.flatMap((phase, index) => {
    const kind = kinds[index] ?? 'ramp';
    const placed = { kind, index, kinds, shadow, last_ramp };
    const misplaced = rules[kind]?.(placed);
    return [
      ...(misplaced === undefined ? [] : [faultAt(source, ['phases', index], { ...misplaced, key: kind })]),
      ...(phase.by === undefined || kind === 'hold' ? [] : [approver(source, placed)]),
      ...(phase.gates === undefined || kind === 'shadow' || kind === 'ramp' ? [] : [unjudged(source, placed)]),
    ];
  });
}

type Words = { message: string; fix: string };

const rules: Partial<Record<Kind, (placed: Placed) => Words | undefined>> = { prepare, hold, retire, assess };

function prepare({ index, shadow }: Placed): Words | undefined {
  if (shadow < 0 || index < shadow) return;
  return { message: `prepares what has begun with the shadow in phases[${shadow}]`, fix: 'move it before the shadow' };
}

function hold({ index, kinds, shadow, last_ramp }: Placed): Words | undefined {
  if (index < shadow)
    return {
      message: `holds nothing: the release begins with the shadow in phases[${shadow}]`,
      fix: 'remove it; what is not approved is not merged',
    };
  if (kinds[index - 1] === 'hold')
    return {
      message: `asks a second time, right after the hold in phases[${index - 1}]`,
      fix: 'write one hold with both reasons',
    };
  if (last_ramp >= 0 && index > last_ramp && kinds[index + 1] !== 'retire')
    return {
      message: `holds nothing: after the last ramp in phases[${last_ramp}] only a retire waits for an approval`,
      fix: 'remove it, or put a retire after it',
    };
  return;
}

function retire({ index, kinds, last_ramp }: Placed): Words | undefined {
  const first = kinds.indexOf('retire');
  if (first < index) return { message: `is a second one, after phases[${first}]`, fix: 'write all that goes into one' };
  if (index < last_ramp)
    return {
      message: `takes away what stations are still answered by until the last ramp in phases[${last_ramp}]`,
      fix: 'move it behind "- ramp: 100%" and a hold',
    };
  if (kinds[index - 1] !== 'hold')
    return {
      message: `goes ahead without an approval: phases[${index - 1}] before it is no hold`,
      fix: 'put "- hold: WHAT IS DECIDED" before it',
    };
  return;
}

function assess({ index, kinds }: Placed): Words | undefined {
  const next = kinds[index + 1];
  if (next === undefined) return;
  return {
    message: `ends a plan, and the ${next} in phases[${index + 1}] follows it`,
    fix: 'write one, as the last phase',
  };
}

function approver(source: PlanDocument, { kind, index }: Placed): Fault {
  return faultAt(source, ['phases', index], {
    key: 'by',
    message: `says who approves a hold, and this is a ${kind}`,
    fix: 'remove it, or put a hold with it before this phase',
  });
}

function unjudged(source: PlanDocument, { kind, index }: Placed): Fault {
  return faultAt(source, ['phases', index], {
    key: 'gates',
    message: `sets limits, and a ${kind} judges nothing by itself`,
    fix: 'write them at a shadow or a ramp, or for the whole plan',
  });
}
