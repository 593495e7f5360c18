import { fileURLToPath } from 'node:url';
import { $ } from 'zx';
import { exitCode } from '../../core/exit.ts';
import { InputError } from '../../core/input-error.ts';
import type { JudgeSettings } from '../../core/judge/settings.ts';
import { dyingWithUs } from '../bootstrap/dying-with-us.mjs';
import type { BacktestReport } from './backtest-process.ts';
import type { Window } from './window.ts';

/** Runs the backtest as a process of its own; rejects with what it said when it fails, with an InputError where what it read is at fault. */
export async function runBacktest(options: {
  telemetry: string;
  registry: string;
  stable: string;
  candidate: string;
  window: Window;
  judge: Pick<JudgeSettings, 'accepted_loss' | 'truth_delay_hours'>;
  /** Of the late readings, as in the replay. */
  seed: number;
  signal: AbortSignal;
}): Promise<BacktestReport> {
  const { telemetry, registry, stable, candidate, window, judge, seed, signal } = options;
  const program = fileURLToPath(new URL('backtest-process.ts', import.meta.url));
  const flags = Object.entries({
    telemetry,
    registry,
    stable,
    candidate,
    from: window.backtest.from_h,
    to: window.backtest.to_h,
    seed,
    'truth-delay': judge.truth_delay_hours,
    ...(judge.accepted_loss === null ? {} : { 'accepted-loss': judge.accepted_loss }),
  });
  const [command, args] = dyingWithUs('SIGKILL', process.execPath, [
    program,
    ...flags.map(([name, value]) => `--${name}=${value}`),
  ]);
  const quiet = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' };
  const run = await $({
    quiet: true,
    nothrow: true,
    signal,
    env: quiet,
  })`${command} ${args}`;
  signal.throwIfAborted();
  // TensorFlow greets on standard output; what the process has to say is its last line.
  const said = run.stdout.trim().split('\n').at(-1) ?? '';
  if (run.exitCode === exitCode.usage) throw new InputError(JSON.parse(said));
  if (!run.ok)
    throw new Error(
      `the backtest failed (${run.exitCode ?? run.signal}): ${run.stderr.trim().split('\n').slice(-8).join('\n')}`,
    );
  return JSON.parse(said);
}
