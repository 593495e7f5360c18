import { join } from 'node:path';
import { InputError } from '../core/input-error.ts';
import type { Backtest } from '../core/judge/backtest.ts';
import { parseBacktest } from '../core/judge/backtest-file.ts';
import { registryPath } from '../core/registry.ts';
import { readIfThere } from './read-if-there.ts';
import type { SessionKey } from './repository.ts';

/** The backtest of this arm of a candidate against this stable; or why there is none (yet). */
export function readBacktest(
  registry: string,
  key: SessionKey,
  arms: number,
): { backtest: Backtest } | { problem: string } {
  let file: string;
  try {
    file = join(registry, registryPath.backtest(key.release, arms > 1 ? key.arm : undefined));
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
  const text = readIfThere(file)?.toString('utf8') ?? null;
  if (text === null) return { problem: `${file} is not there` };
  try {
    const backtest = parseBacktest(text, file);
    const { candidate_release, stable_release } = backtest;
    if (candidate_release !== key.release || stable_release !== key.stable)
      return {
        problem: `${file} is of ${candidate_release} against ${stable_release}, live is ${key.release} against ${key.stable}`,
      };
    return { backtest };
  } catch (error) {
    if (error instanceof InputError) return { problem: error.message };
    throw error;
  }
}
