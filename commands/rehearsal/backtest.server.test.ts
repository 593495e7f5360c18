import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { InputError } from '../../core/input-error.ts';
import { parseBacktest } from '../../core/judge/backtest-file.ts';
import { registryPath } from '../../core/registry.ts';
import { canonicalJson, type Release, releaseDigest } from '../../core/release.ts';
import { writeArtefact } from '../../model-server/artefact.ts';
import { controlArtefact } from '../../model-server/control.ts';
import { embeddedTelemetry, readTelemetry } from '../../telemetry/read.ts';
import { runBacktest } from './backtest.ts';

const registry = mkdtempSync(path.join(tmpdir(), 'gridramp-backtest-'));
afterAll(() => rmSync(registry, { recursive: true }));

function publish(model: string, arms?: Release['arms']): string {
  const release: Release = { image: 'i', model, flags: {}, server: {}, ...(arms === undefined ? {} : { arms }) };
  const digest = releaseDigest(release);
  const file = path.join(registry, registryPath.release(digest));
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, canonicalJson(release));
  return digest;
}

/** 90 whole days of the embedded set, `late` days from its fifteenth on. */
async function backtest(stable: string, candidate: string, { late = 0, days = 90, seed = 1 } = {}) {
  const { start_h } = await readTelemetry(embeddedTelemetry);
  const from_h = 24 * Math.ceil((start_h - 1) / 24) + 1 + 24 * (14 + late);
  const window = { backtest: { from_h, to_h: from_h + 24 * days - 1 }, ...unread };
  const judge = { accepted_loss: null, truth_delay_hours: 6 };
  const { signal } = new AbortController();
  return runBacktest({ telemetry: embeddedTelemetry, registry, stable, candidate, window, judge, seed, signal });
}
const unread = { live_from_h: 0, phase_ends_h: [], history_from_h: 0 };

function kept(candidate: string, arm?: string) {
  const file = path.join(registry, registryPath.backtest(candidate, arm));
  return parseBacktest(readFileSync(file, 'utf8'), file);
}

test('every arm is judged with its share of the error and has its file, and no window pleases at the second try', async () => {
  const same = await controlArtefact(registry);
  const of = { kind: 'seasonal', lag_h: 24 } as const;
  const doubled = await writeArtefact(registry, { kind: 'scaled', factor: 2, of }, new Map());
  const stable = publish(same);
  const candidate = publish(same, { all: same, doubled });
  const report = await backtest(stable, candidate);
  expect(report.arms.map(({ backtest: { arm, verdict } }) => `${arm} ${verdict}`)).toEqual([
    'all safe',
    'doubled abort',
  ]);
  expect(report.arms.map(({ backtest: judged }) => judged)).toEqual([
    kept(candidate, 'all'),
    kept(candidate, 'doubled'),
  ]);

  const alone = publish(doubled);
  const [one] = (await backtest(stable, alone)).arms;
  expect(one?.backtest).toEqual(kept(alone));
  const margins = [one?.backtest, kept(candidate, 'doubled')].map((judged) => judged?.theta.abort.look?.margin ?? 0);
  expect(margins[1]).toBeGreaterThan((margins[0] ?? 0) * 1.05);

  const elsewhere = await backtest(stable, candidate, { late: 30 });
  expect(elsewhere.arms.map(({ refused }) => refused)).toEqual([
    expect.stringContaining('only an open verdict'),
    expect.stringContaining('only an open verdict'),
  ]);
  expect(kept(candidate, 'doubled')).toMatchObject({ verdict: 'abort', tries: 2, looks: [{ days: 90, seed: 1 }] });
  expect(elsewhere.arms[1]?.backtest.sentence).toMatch(/arm doubled .* It was backtested 2 times\.$/);

  // What was said against one stable stands after another was compared with.
  await backtest(candidate, alone);
  expect(kept(alone)).toMatchObject({ stable_release: candidate, tries: 2 });
  const [again] = (await backtest(stable, alone, { late: 30 })).arms;
  expect(again?.refused).toContain('only an open verdict');
  expect(kept(alone)).toMatchObject({ stable_release: stable, tries: 3, looks: [{ days: 90, seed: 1 }] });

  const file = path.join(registry, registryPath.backtest(alone));
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, 100));
  const refusal = await backtest(stable, alone).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(InputError);
  expect(refusal).toMatchObject({ faults: [{ place: file, fix: expect.stringContaining('restore it') }] });
});
