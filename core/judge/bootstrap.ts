/**
 * A path of the stationary bootstrap (Politis & Romano 1994) over `days` recorded days: blocks whose length is geometric with the given mean,
 * around the end of the record. `random` is uniform in [0, 1).
 */
export function stationaryBootstrap(
  days: number,
  length: number,
  mean_block_days: number,
  random: () => number,
): Int32Array {
  const order = new Int32Array(length);
  let at = Math.floor(random() * days);
  for (let i = 0; i < length; i++) {
    order[i] = at;
    at = random() < 1 / mean_block_days ? Math.floor(random() * days) : (at + 1) % days;
  }
  return order;
}
