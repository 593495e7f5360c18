/** `npm run bench:parity`: how much traffic it takes until a forecast that is not its model's is found. */
import { mkdir, writeFile } from 'node:fs/promises';
import { markdownTable } from '../bench/page.ts';
import { exitCode } from '../core/exit.ts';
import { quantile } from '../core/judge/series.ts';
import { randomOf } from '../core/random.ts';
import type { Telemetry } from '../core/telemetry.ts';
import { embeddedTelemetry, readTelemetry } from '../telemetry/read.ts';
import { drawFault, type Extent, extents } from './bench-parity/draw.ts';
import { type FaultKind, kinds } from './bench-parity/faults.ts';
import { entryOf, PODS, type Service, startService } from './bench-parity/service.ts';
import { type Found, TRAFFIC_MINUTES, untilFound } from './bench-parity/trial.ts';
import { parseFlags, wholeNumber } from './flags.ts';
import { machineName } from './machine.ts';

const usage = `npm run bench:parity -- [--trials N] [--seed N] [--json]

Breaks the pods of a candidate in four ways (wrong artefact, shifted hours, swapped stations, stale inputs) at drawn stations, pods and sizes,
and counts the calls until the scorer has found it. A real scorer process; the model server's own pods and recomputer; the embedded stations,
each of which asks once in five minutes. After every fault an hour of honest traffic, in which nothing may be found.

  --trials N   of each fault (default 25)
  --seed N     default 1
  --json

Exit codes: 0 every fault was found within five minutes of traffic, and nothing else; 3 not; 2 wrong usage.`;

/** Readings before the first issue hour; the embedded year has enough after it for a thousand trials. */
const HISTORY_H = 360;
const FIRST_H = 1000;
/** A load that stands still has the same forecast whatever is done to it. */
const LEAST_SPREAD = 0.05;

const flags = parseFlags(usage, {
  trials: { type: 'string', default: '25' },
  seed: { type: 'string', default: '1' },
  json: { type: 'boolean', default: false },
});
const trials = wholeNumber('--trials', flags.trials, 1, 500, usage);
const random = randomOf(wholeNumber('--seed', flags.seed, 0, 2 ** 31 - 1, usage));
/** Those that are promised; few stations of one pod are found only when their call reaches that pod, and are shown beside them. */
const promised = extents.slice(0, 3);

type Row = { kind: FaultKind; extent: string; trials: number; found: number; minutes: number[]; calls: number[] };

const telemetry = await readTelemetry(embeddedTelemetry);
const service = await startService(telemetry);
try {
  const { rows, false_alarms } = await measure(service, telemetry);
  await tell(rows, false_alarms);
} finally {
  await service.stop();
}

async function measure(service: Service, telemetry: Telemetry) {
  const stations = telemetry.stations.map(({ station_id }) => station_id);
  const moving = stations.filter((_, s) => moves(telemetry.values_kw[s] ?? new Float64Array(0)));
  let hour = telemetry.start_h + FIRST_H;
  let false_alarms = 0;
  await service.scorer.post('/v1/observations', { entries: [entryOf(telemetry, hour, HISTORY_H)] });
  const rows: Row[] = [];
  const trial = async (kind: FaultKind, extent: Extent): Promise<Found> => {
    const purpose = random() < 0.5 ? 'mirror' : 'served';
    const common = { service, stations, purpose, random } as const;
    hour = await nextHour(service, telemetry, hour);
    const found = await untilFound(
      { ...common, issue_h: hour },
      drawFault(kind, extent, { stations: moving, pods: PODS, random }),
    );
    hour = await nextHour(service, telemetry, hour);
    if ((await untilFound({ ...common, issue_h: hour }, null)) !== null) false_alarms++;
    return found;
  };
  for (const kind of kinds)
    for (const [extent, of] of [
      ['promised', promised],
      ['few stations of one pod', [extents[3]]],
    ] as const) {
      const row: Row = { kind, extent, trials, found: 0, minutes: [], calls: [] };
      for (let i = 0; i < trials; i++) {
        const found = await trial(kind, of[i % of.length] ?? 'everywhere');
        if (process.stderr.isTTY) process.stderr.write(`\r${kind}, ${extent}: ${i + 1} of ${trials}  `);
        if (found === null) continue;
        row.found++;
        row.minutes.push(found.minutes);
        row.calls.push(found.calls);
      }
      rows.push(row);
    }
  return { rows, false_alarms };
}

/** The pair hour comes first and is honest, so that only traffic can find what ails the pods afterwards. */
async function nextHour(service: Service, telemetry: Telemetry, hour: number): Promise<number> {
  const { status, body } = await service.scorer.post('/v1/observations', { entries: [entryOf(telemetry, hour + 1)] });
  if (status !== 200) throw new Error(`the scorer refused hour ${hour + 1}: ${JSON.stringify(body)}`);
  await service.scorer.settled();
  return hour + 1;
}

function moves(values_kw: Float64Array): boolean {
  const part = values_kw.slice(FIRST_H - HISTORY_H, FIRST_H + 4 * 24);
  const mean = part.reduce((sum, value) => sum + value, 0) / part.length;
  const spread = Math.sqrt(part.reduce((sum, value) => sum + (value - mean) ** 2, 0) / part.length);
  return spread > LEAST_SPREAD * mean;
}

async function tell(rows: readonly Row[], false_alarms: number): Promise<void> {
  const machine = machineName();
  const shown = rows.map(({ minutes, calls, ...row }) => ({
    ...row,
    ...{
      median_minutes: quantileOf(minutes, 0.5),
      most_minutes: quantileOf(minutes, 1),
      most_calls: quantileOf(calls, 1),
    },
  }));
  const healthy_hours = trials * rows.length;
  await mkdir('out', { recursive: true });
  await writeFile(
    'out/bench-parity.json',
    `${JSON.stringify({ machine, false_alarms, healthy_hours, rows: shown }, null, 2)}\n`,
  );
  if (flags.json) console.log(JSON.stringify({ machine, false_alarms, healthy_hours, rows: shown }));
  else {
    const minutes = (value: number | null) => (value === null ? '–' : value.toFixed(1));
    const head = ['fault', 'extent', 'found', 'median minutes', 'most minutes', 'most calls'];
    const cells = shown.map((row) => [
      ...[row.kind, row.extent, `${row.found} of ${row.trials}`],
      ...[minutes(row.median_minutes), minutes(row.most_minutes), String(row.most_calls ?? '–')],
    ]);
    console.log(markdownTable({ title: 'Faults found by parity', head, rows: cells }));
    console.log(`\nHonest hours of traffic in which something was "found": ${false_alarms} of ${healthy_hours}.`);
    console.log(
      `Minutes of traffic in which every station asks once in ${TRAFFIC_MINUTES}. Written to out/bench-parity.json.`,
    );
  }
  const all = rows.filter(({ extent }) => extent === 'promised').every(({ found }) => found === trials);
  process.exitCode = all && false_alarms === 0 ? exitCode.ok : exitCode.refused;
}

/** Null: of nothing found. */
function quantileOf(values: readonly number[], share: number): number | null {
  return values.length === 0 ? null : quantile(Float64Array.from(values), share);
}
