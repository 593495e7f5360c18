import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../../core/error-code.ts';
import { InputError } from '../../core/input-error.ts';
import type { Backtest } from '../../core/judge/backtest.ts';
import { parseBacktest } from '../../core/judge/backtest-file.ts';
import { registryPath } from '../../core/registry.ts';
import { withLock } from '../bootstrap/lock.mjs';

type Releases = { candidate: string; stable: string };

/** The backtest of an arm against this stable, if there was one, and how often the candidate was backtested against any. */
export type SaidBefore = { said: Backtest | null; tries: number };

/**
 * Keeps what `judge` says on top of what was said of each of a candidate's arms. Rehearsals side by side share a registry: each counts on what
 * the one before it wrote. Throws an InputError that names a file which is there and cannot be read: taken for absent, it would begin the count anew.
 */
export async function judgeOnTop<Told extends { backtest: Backtest }>(
  registry: string,
  releases: Releases,
  arms: readonly (string | null)[],
  judge: (before: SaidBefore[]) => Told[],
): Promise<Told[]> {
  return withLock(`backtest ${path.resolve(registry)} ${releases.candidate}`, async () => {
    const told = judge(await Promise.all(arms.map((arm) => saidBefore(registry, releases, arm))));
    for (const { backtest } of told) await keep(registry, backtest);
    return told;
  });
}

async function saidBefore(registry: string, { candidate, stable }: Releases, arm: string | null): Promise<SaidBefore> {
  const name = arm ?? undefined;
  const last = await read(path.join(registry, registryPath.backtest(candidate, name)));
  const ofPair = await read(path.join(registry, registryPath.pairBacktest(candidate, stable, name)));
  return {
    said: ofPair ?? (last?.stable_release === stable ? last : null),
    tries: Math.max(last?.tries ?? 0, ofPair?.tries ?? 0),
  };
}

/** Keeps it where the scorer reads it, and among the pairs, which no backtest against another stable overwrites. */
async function keep(registry: string, backtest: Backtest): Promise<void> {
  const { candidate_release: candidate, stable_release: stable } = backtest;
  const arm = backtest.arm ?? undefined;
  await write(path.join(registry, registryPath.pairBacktest(candidate, stable, arm)), backtest);
  await write(path.join(registry, registryPath.backtest(candidate, arm)), backtest);
}

async function read(file: string): Promise<Backtest | null> {
  try {
    return parseBacktest(await readFile(file, 'utf8'), file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    if (!(error instanceof InputError)) throw error;
    const fix = 'restore it, or delete it and with it the looks and tries that it counts';
    throw new InputError(
      error.faults.map((fault) => ({ ...fault, fix })),
      { cause: error },
    );
  }
}

async function write(file: string, backtest: Backtest): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  // Whoever reads meanwhile sees the whole of one or the other.
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(backtest));
  await rename(draft, file);
}
