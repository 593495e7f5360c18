/** To less than a ten-thousandth of the range. */
const HALVINGS = 14;

/** The least number between `from` and `to` from which on `holds`; null where it does not even hold at `to`. */
export function leastFrom(from: number, to: number, holds: (x: number) => boolean): number | null {
  if (!holds(to)) return null;
  let [below, least] = [from, to];
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (below + least) / 2;
    if (holds(middle)) least = middle;
    else below = middle;
  }
  return least;
}
