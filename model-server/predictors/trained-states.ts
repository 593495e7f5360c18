/** What stations had learned by the end of training, and what a station begins with that was not there. */
export type TrainedStates = { others: Float64Array; of: ReadonlyMap<string, Float64Array> };

/** A copy, which the station may change. */
export function initialState({ others, of }: TrainedStates, station_id: string): Float64Array {
  return (of.get(station_id) ?? others).slice();
}

/** Little-endian doubles, one state after another: that of any other station, then those of `of` in its order. */
export function statesBytes({ others, of }: TrainedStates): Uint8Array {
  const numbers = new Float64Array((of.size + 1) * others.length);
  numbers.set(others);
  let at = others.length;
  for (const state of of.values()) {
    numbers.set(state, at);
    at += others.length;
  }
  return new Uint8Array(numbers.buffer);
}

export function parseStates(bytes: Uint8Array, station_ids: readonly string[], size: number): TrainedStates {
  const expected = (station_ids.length + 1) * size * 8;
  if (bytes.byteLength !== expected)
    throw new RangeError(
      `states of ${station_ids.length} stations have ${bytes.byteLength} bytes instead of ${expected}; train the model again with this code`,
    );
  const numbers = new Float64Array(new Uint8Array(bytes).buffer);
  const state = (row: number) => numbers.slice(row * size, (row + 1) * size);
  return { others: state(0), of: new Map(station_ids.map((station_id, i) => [station_id, state(i + 1)])) };
}
