import { expect, test } from 'vitest';
import { promtool } from '../../analysis/promtool.ts';
import { freezePromql } from './waits.ts';

const expr = freezePromql([
  { from_s: 100, to_s: 200 },
  { from_s: 150, to_s: 250 },
  { from_s: 400, to_s: 500 },
]);
/** The clock of a promtool test begins at 0; it wants a series, which the query does not ask for. */
const at = (second: number, value: number) =>
  promtool({ unasked: '1' }, { expr, at: `${second}s`, interval: '1s', value });

test.each([
  ...[
    [0, 0],
    [99, 0],
    [100, 1],
    [149, 1],
    [150, 2],
    [199, 2],
    [200, 1],
    [249, 1],
  ],
  ...[
    [250, 0],
    [399, 0],
    [400, 1],
    [499, 1],
    [500, 0],
    [9000, 0],
  ],
])('at second %i of the clock %i freezes cover it', (second = 0, covering = 0) => {
  at(second, covering);
  expect(() => at(second, covering + 1)).toThrow();
});
