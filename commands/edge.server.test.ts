import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { randomOf } from '../core/random.ts';
import { LEADS } from '../core/record.ts';
import { sha256 } from '../core/release.ts';
import { HISTORY_HOURS, isoOfHour, type Telemetry } from '../core/telemetry.ts';
import { loadArtefact, writeArtefact } from '../model-server/artefact.ts';
import { edgeModel, MAX_LOSS } from '../model-server/edge/build.ts';
import { edge } from '../model-server/edge/edge.ts';
import { FEATURES_VERSION } from '../model-server/features.ts';
import { fitNetwork } from '../model-server/fit.ts';
import { fillKnown, onTime } from '../model-server/known-hours.ts';
import type { DenseManifest } from '../model-server/manifest.ts';
import { openModel } from '../model-server/models.ts';
import { HIDDEN, weightsOf } from '../model-server/network.ts';
import type { Batch } from '../model-server/predictor.ts';
import { trainingSamples } from '../model-server/samples.ts';
import { trainingHours } from '../model-server/split.ts';
import { telemetryDigest } from '../model-server/train.ts';
import { embeddedTelemetry, readTelemetry } from '../telemetry/read.ts';

const folder = mkdtempSync(join(tmpdir(), 'gridramp-edge-'));
const registry = join(folder, 'registry');
const runner = join(folder, 'edge-forecast');
const page = readFileSync('docs/edge.md', 'utf8');
let telemetry: Telemetry;
let weights: Uint8Array;
let source: string;
let digest: string;
let file: string;

/** A twentieth of the usual training: its weights are of the same kind. */
const STEPS = 150;

beforeAll(async () => {
  telemetry = await readTelemetry(embeddedTelemetry);
  weights = await fitted();
  source = await writeDense(weights);
  const { stdout, stderr } = edgeCommand(source, '--json');
  expect(stderr).toBe('');
  ({ digest, file } = JSON.parse(stdout));
  const source_c = 'model-server/edge/runner.c';
  execFileSync(process.env.CC || 'cc', [
    '-Os',
    '-s',
    '-std=c99',
    '-Wall',
    '-Wextra',
    '-Wpedantic',
    '-Werror',
    '-o',
    runner,
    source_c,
  ]);
});
afterAll(() => rmSync(folder, { recursive: true }));

function fitted(): Promise<Uint8Array> {
  const { draw } = trainingSamples(telemetry, trainingHours(telemetry));
  return fitNetwork(draw, { seed: 1, steps: STEPS }, () => {});
}

function writeDense(weights: Uint8Array): Promise<string> {
  const manifest: DenseManifest = {
    kind: 'dense',
    files: { 'weights.bin': { sha256: sha256(weights), bytes: weights.byteLength } },
    features_version: FEATURES_VERSION,
    hidden: [...HIDDEN],
    margins: new Array(24).fill(1),
    seed: 1,
    steps: STEPS,
    data: {
      name: telemetry.name,
      digest: telemetryDigest(telemetry),
      stations: telemetry.stations.length,
      from: isoOfHour(telemetry.start_h),
      to: isoOfHour(telemetry.start_h + trainingHours(telemetry) - 1),
    },
    metrics: { from: '', to: '', nmae: 0, nmae_control: 0, gain: 0, mae_ratio: 0, stations: 0, stations_worse: 0 },
    code: sha256(''),
    versions: {},
  };
  return writeArtefact(registry, manifest, new Map([['weights.bin', weights]]));
}

/** Of no use to the network, which it computes as before; but the last layer's weights can no longer be told apart in 8 bits. */
function withHugeWeight(weights: Uint8Array): Uint8Array {
  const changed = weightsOf(weights);
  // The first unit of the second layer is silent, whatever is seen, and has a huge say in every lead.
  changed[3]?.fill(-1e6, 0, 1);
  changed[4]?.fill(1000, 0, LEADS);
  return Buffer.concat(changed.map((values) => Buffer.from(values.buffer)));
}

function edgeCommand(model: string, ...more: string[]) {
  const args = ['commands/edge.ts', '--registry', registry, '--model', model, ...more];
  return spawnSync(process.execPath, args, { encoding: 'utf8' });
}

/** Held-out windows of every station, some of their readings missing. */
function windows(count: number): Batch {
  const random = randomOf(3);
  const history_kw = new Float64Array(count * HISTORY_HOURS);
  const issue_h = new Int32Array(count);
  const station_ids: string[] = [];
  const first_h = telemetry.start_h + trainingHours(telemetry);
  for (let row = 0; row < count; row++) {
    const station = row % telemetry.stations.length;
    const now_h = first_h + Math.floor(random() * (telemetry.start_h + telemetry.hours - first_h));
    const history = history_kw.subarray(row * HISTORY_HOURS, (row + 1) * HISTORY_HOURS);
    fillKnown(telemetry, onTime, { station, now_h }, history);
    const missing = random() ** 4;
    for (let i = 0; i < HISTORY_HOURS; i++) if (random() < missing) history[i] = Number.NaN;
    issue_h[row] = now_h;
    station_ids.push(telemetry.stations[station]?.station_id ?? '');
  }
  return { station_ids, issue_h, history_kw };
}

function linesOf({ station_ids, issue_h, history_kw }: Batch): string {
  const readings = (row: number) =>
    Array.from(history_kw.subarray(row * HISTORY_HOURS, (row + 1) * HISTORY_HOURS), (kw) =>
      Number.isNaN(kw) ? '' : kw,
    );
  return station_ids.map((station, row) => `${[station, issue_h[row], ...readings(row)].join(',')}\n`).join('');
}

function run(input: string, model = file) {
  return spawnSync(runner, [model], { input, encoding: 'utf8', maxBuffer: 2 ** 26 });
}

/** A limit that docs/edge.md names, in kB. */
function limit_kb(what: string): number {
  const found = new RegExp(`\\| ${what} \\| ([0-9,]+) kB \\|`).exec(page)?.[1];
  if (found === undefined) throw new RangeError(`docs/edge.md names no limit of ${what}`);
  return Number(found.replaceAll(',', ''));
}

test('it loses less accuracy than allowed, over all stations, and says how much in its manifest', async () => {
  const { manifest } = await loadArtefact(registry, digest);
  if (manifest.kind !== 'edge') throw new TypeError(`it is of kind ${manifest.kind}`);
  expect(manifest.of).toBe(source);
  expect(manifest.loss.stations).toBe(telemetry.stations.length);
  expect(manifest.loss.mae_ratio).toBeLessThanOrEqual(1 + MAX_LOSS);
  expect(manifest.loss.nmae).toBeLessThanOrEqual((1 + MAX_LOSS) * manifest.loss.nmae_of_source);
  expect(manifest.loss.nmae).not.toBe(manifest.loss.nmae_of_source);
});

test('the same model gives the same bytes', () => {
  expect(Buffer.compare(edgeModel(weightsOf(weights), telemetry), readFileSync(file))).toBe(0);
});

test('one that loses too much is refused, and nothing is written', async () => {
  const before = readdirSync(join(registry, 'models')).length;
  const { status, stderr, stdout } = edgeCommand(await writeDense(withHugeWeight(weights)));
  expect([status, stdout]).toEqual([3, '']);
  expect(stderr).toMatch(/^refused: held out .* at most 1.00 % may be lost\n$/);
  expect(readdirSync(join(registry, 'models')).length).toBe(before + 1);
});

test('the C runner gives the bits of the model server, whatever is missing', async () => {
  const batch = windows(2000);
  const { values_kw } = await (await openModel(registry, digest)).forecast(batch);
  const { stdout, stderr, status } = run(linesOf(batch));
  expect([status, stderr]).toEqual([0, '']);
  const lines = stdout.trimEnd().split('\n');
  expect(lines.length).toBe(batch.station_ids.length);
  for (const [row, line] of lines.entries()) {
    const [station, hour, ...kw] = line.split(',');
    expect([station, Number(hour)]).toEqual([batch.station_ids[row], batch.issue_h[row]]);
    expect(kw.map((text) => (text === '' ? Number.NaN : Number(text)))).toEqual([
      ...values_kw.subarray(row * LEADS, (row + 1) * LEADS),
    ]);
  }
});

test('a station of which nothing is known gets no numbers, and one that fed back may', async () => {
  const history_kw = new Float64Array(2 * HISTORY_HOURS).fill(Number.NaN, 0, HISTORY_HOURS);
  for (let i = HISTORY_HOURS; i < history_kw.length; i++) history_kw[i] = -3 + Math.sin(i);
  const batch = { station_ids: ['new', 'solar'], issue_h: Int32Array.of(400_000, 400_000), history_kw };
  const [nothing = '', some = ''] = run(linesOf(batch)).stdout.split('\n');
  expect(nothing).toBe(`new,400000${','.repeat(LEADS)}`);
  const { values_kw } = await edge(readFileSync(file)).forecast(batch);
  expect(some.split(',').slice(2).map(Number)).toEqual([...values_kw.subarray(LEADS)]);
  expect(Math.min(...values_kw.subarray(LEADS))).toBeLessThan(0);
});

test.each([
  ['', 'it does not begin with a station and a comma'],
  ['s', 'it does not begin with a station and a comma'],
  ['s,noon,1', 'its issue hour is no whole number of hours'],
  ['s,-5,1', 'its issue hour is no whole number of hours'],
  ['s,5,1,2', 'it has fewer than 336 readings'],
  [`s,5${',1'.repeat(337)}`, 'it has more than 336 readings'],
  [`s,5,x${',1'.repeat(335)}`, 'a reading is no number'],
  [`s,5,inf${',1'.repeat(335)}`, 'a reading is no number'],
  [`s,5,${'1'.repeat(20_000)}`, 'it is too long, or has a NUL'],
  ['s,\0', 'it is too long, or has a NUL'],
])('line %# that does not fit is named, and the next one is answered', (line, why) => {
  const good = linesOf(windows(1));
  const { stdout, stderr, status } = run(`${line}\n${good}`);
  expect([status, stderr]).toEqual([2, `line 1: ${why}\n`]);
  expect(stdout).toBe(run(good).stdout);
});

test('a damaged model is refused or answers: the runner never reads outside of it', () => {
  const random = randomOf(4);
  const good = readFileSync(file);
  const line = linesOf(windows(1));
  const path = join(folder, 'damaged.tflite');
  const outcomes = Array.from({ length: 150 }, (_, i) => {
    const bytes = Buffer.from(i % 3 === 0 ? good.subarray(0, Math.floor(random() * good.length)) : good);
    for (let n = 0; n < 8; n++) bytes[Math.floor(random() * Math.min(bytes.length, 2000))] = Math.floor(random() * 256);
    writeFileSync(path, bytes);
    const { status, signal } = run(line, path);
    return signal ?? status;
  });
  expect(new Set(outcomes)).toEqual(new Set([0, 2]));
  expect(run(line, join(folder, 'none.tflite')).status).toBe(2);
});

test('model, runner and its memory are no larger than the page says', () => {
  const kilo = 1000;
  expect(readFileSync(file).length).toBeLessThanOrEqual(limit_kb('model') * kilo);
  expect(readFileSync(runner).length).toBeLessThanOrEqual(limit_kb('runner') * kilo);
  // The address space, libc included: what is resident is less.
  const limited = `ulimit -v ${limit_kb('memory')} && exec "$0" "$1"`;
  const input = linesOf(windows(500));
  const { status, stdout } = spawnSync('sh', ['-c', limited, runner, file], {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  expect([status, stdout]).toEqual([0, run(input).stdout]);
});

test.each([
  ['no digest', () => edgeCommand('latest'), 2, '--model: "latest" is no digest'],
  ['a model that is not there', () => edgeCommand(`sha256:${'0'.repeat(64)}`), 2, 'cannot be read'],
  ['an edge model', () => edgeCommand(digest), 2, 'it is of kind edge, and only a dense one becomes an edge model'],
])('%s is refused', (_name, command, status, why) => {
  const { stderr, status: was } = command();
  expect([was, stderr.includes(why)]).toEqual([status, true]);
});
