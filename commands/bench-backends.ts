/** `npm run bench:backends`: forecasts per second of processor time of each backend, and what it costs to have it. */
import { markdownTable } from '../bench/page.ts';
import type { BackendName } from '../core/release.ts';
import { type Measured, measured } from './bench-backends/measured.ts';
import { parseFlags, wholeNumber } from './flags.ts';
import { machineName } from './machine.ts';

const usage = `npm run bench:backends -- [--rounds N] [--seconds N] [--json]

Measures the network's forward pass alone on each backend, in processes of their own, in changing order: medians of the rounds. Linux only.

  --rounds N    (default 3)
  --seconds N   for each backend and size of call (default 2)
  --json        print the medians as JSON

Exit codes: 0 measured, 2 wrong usage.`;

const flags = parseFlags(usage, {
  rounds: { type: 'string', default: '3' },
  seconds: { type: 'string', default: '2' },
  json: { type: 'boolean', default: false },
});
const rounds = wholeNumber('--rounds', flags.rounds, 1, 99, usage);
const seconds = wholeNumber('--seconds', flags.seconds, 1, 60, usage);

const names: readonly BackendName[] = ['simd', 'native', 'wasm', 'js'];
const seen = new Map<BackendName, Measured[]>(names.map((name) => [name, []]));
for (let round = 0; round < rounds; round++)
  for (const at of names.keys()) {
    const name = names[(at + round) % names.length];
    const result = name && (await measured(name, seconds));
    if (name && result) seen.get(name)?.push(result);
  }

const medians = new Map([...seen].flatMap(([name, all]) => (all.length > 0 ? [[name, medianOf(all)] as const] : [])));
if (flags.json) console.log(JSON.stringify(Object.fromEntries(medians), null, 2));
else console.log(table());

function medianOf(all: readonly Measured[]): Measured {
  const of = (value: (one: Measured) => number) => all.map(value).sort((a, b) => a - b)[all.length >> 1] ?? Number.NaN;
  const sizes = Object.keys(all[0]?.forecasts_per_cpu_s ?? {}).map(Number);
  return {
    open_ms: of(({ open_ms }) => open_ms),
    forecasts_per_cpu_s: Object.fromEntries(
      sizes.map((size) => [size, of(({ forecasts_per_cpu_s: rates }) => rates[size] ?? Number.NaN)]),
    ),
    resident_mb: of(({ resident_mb }) => resident_mb),
  };
}

function table(): string {
  const count = (value: number | undefined) => (value === undefined ? '' : Math.round(value).toLocaleString('en'));
  const rows = names.map((name) => {
    const median = medians.get(name);
    if (median === undefined) return [name, 'not here', '', '', '', ''];
    const { forecasts_per_cpu_s: rates, open_ms, resident_mb } = median;
    return [name, count(rates[1]), count(rates[100]), count(rates[1000]), count(open_ms), count(resident_mb)];
  });
  const head = ['backend', 'calls of 1', 'of 100', 'of 1,000', 'ms to open', 'MB resident'];
  return markdownTable({ title: `Forecasts per CPU-second (${machineName()})`, head, rows });
}
