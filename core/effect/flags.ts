import { ARM_FLAG, type Flag, type Flags } from '../compile/flags.ts';
import { canonicalJson } from '../release.ts';
import type { Effect } from './change.ts';

/**
 * What a change of the flags beside a plan does; `released`: whether another release goes with it. The flag of the arms is not among them:
 * it is compiled from the plan, whose `armEffects` tell it.
 */
export function flagEffects(before: Flags, after: Flags, released: boolean): Effect[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const which = released ? 'The new release' : 'A release made from now on';
  const moved = names
    .filter((name) => name !== ARM_FLAG)
    .flatMap((name) => changeOf(before[name], after[name]).map((change) => told(change, `flag "${name}"`, which)));
  return moved.length === 0 || released ? moved : [...moved, waits];
}

const waits: Effect = {
  rule: 'flags-wait-for-release',
  severity: 'warning',
  sentence:
    'Flags are part of the release, whose digest does not change here: a release that runs keeps its own, and the new ones ramp with the next.',
};

/** Ends a rule's name; `what` stands after the release and before the flag, `how` after it. */
type Change = { kind: string; what: string; how: string };

function told({ kind, what, how }: Change, flag: string, which: string): Effect {
  return { rule: `${kind}-flag`, severity: 'notice', sentence: `${which} ${what} ${flag}${how}.` };
}

const unanswered = ': who asks for it gets the value that the asking code has for that';

function changeOf(was: Flag | undefined, is: Flag | undefined): Change[] {
  if (is === undefined) return [{ kind: 'removes', what: 'has no', how: ` any more${unanswered}` }];
  if (was === undefined)
    return [{ kind: 'adds', what: 'has a new', how: `, ${stateWord(is)}: "${is.defaultVariant}" by default` }];
  const changes: Change[] = [];
  if (was.state !== is.state)
    changes.push(
      is.state === 'DISABLED'
        ? { kind: 'disables', what: 'disables the', how: unanswered }
        : { kind: 'enables', what: 'enables the', how: `: "${is.defaultVariant}" by default` },
    );
  if (was.defaultVariant !== is.defaultVariant)
    changes.push({
      kind: 'moves-default-of',
      what: 'gives by default another variant of the',
      how: `: "${is.defaultVariant}" instead of "${was.defaultVariant}"`,
    });
  if (!isEqual(was.variants, is.variants))
    changes.push({ kind: 'moves-variants-of', what: 'has other variants of the', how: variantsMoved(was, is) });
  if (!isEqual(was.targeting ?? null, is.targeting ?? null))
    changes.push({ kind: 'moves-targeting-of', what: 'chooses otherwise who gets which variant of the', how: '' });
  return changes;
}

/** Names only: a variant may be as long as its author likes. */
function variantsMoved({ variants: was }: Flag, { variants: is }: Flag): string {
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].sort();
  return `: ${names.filter((name) => !isEqual(was[name] ?? null, is[name] ?? null)).join(', ')}`;
}

function stateWord({ state }: Flag): string {
  return state === 'ENABLED' ? 'enabled' : 'disabled';
}

/** As the release's digest sees it, whatever order a person wrote the fields in. */
function isEqual(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b);
}
