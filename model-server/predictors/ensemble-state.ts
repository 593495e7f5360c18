import { LEADS } from '../../core/record.ts';
import type { Predictor } from '../predictor.ts';
import { rowOf } from '../row-of.ts';
import { GROUPS } from './lead-groups.ts';

export type Expert = { name: string; predictor: Predictor };

/** An expert, and from where to where its own state lies in a station's; of one that does not learn that is nothing. */
export type Seated = Expert & { from: number; to: number };

/** Where the parts of a station's state begin: the experts' own states, one after another, then what the mixture has learned. */
export type Layout = { experts: readonly Seated[]; regret: number; squares: number; margins: number; size: number };

export function layoutOf(experts: readonly Expert[]): Layout {
  let at = 0;
  const seated = experts.map((expert) => {
    const from = at;
    at += expert.predictor.learning?.size ?? 0;
    return { ...expert, from, to: at };
  });
  const pairs = GROUPS * experts.length;
  return {
    experts: seated,
    regret: at,
    squares: at + pairs,
    margins: at + 2 * pairs,
    size: at + 2 * pairs + LEADS,
  };
}

/** A station's state before anything is learned. */
export function untaught(layout: Layout, margins: Float64Array): Float64Array {
  const state = new Float64Array(layout.size);
  for (const { predictor, from } of layout.experts)
    if (predictor.learning) state.set(predictor.learning.initial(''), from);
  state.set(margins, layout.margins);
  return state;
}

/** What the mixture has seen of each expert in a lead group: windows on a station's state. */
export function roundsOf({ experts, regret, squares }: Layout, state: Float64Array, group: number) {
  const from = group * experts.length;
  return {
    regret: state.subarray(regret + from, regret + from + experts.length),
    squares: state.subarray(squares + from, squares + from + experts.length),
  };
}

/** Half the width of the interval by lead: a window on a station's state. */
export function marginsOf({ margins }: Layout, state: Float64Array): Float64Array {
  return state.subarray(margins, margins + LEADS);
}

/** An expert's part of a station's state: a window on it. */
export function ownState(state: Float64Array, { from, to }: Seated): Float64Array {
  return state.subarray(from, to);
}

/** An expert's part of the states of many stations, copied, as the expert knows them. */
export function ownStates(states: Float64Array, { size }: Layout, expert: Seated): Float64Array {
  const [rows, width] = [states.length / size, expert.to - expert.from];
  const own = new Float64Array(rows * width);
  for (let row = 0; row < rows; row++) own.set(ownState(rowOf(states, row, size), expert), row * width);
  return own;
}

/** Writes back what `ownStates` copied. */
export function setOwnStates(states: Float64Array, { size }: Layout, expert: Seated, own: Float64Array): void {
  const rows = states.length / size;
  for (let row = 0; row < rows; row++)
    ownState(rowOf(states, row, size), expert).set(rowOf(own, row, expert.to - expert.from));
}
