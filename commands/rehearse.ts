/** `npm run rehearse`: releases a candidate on the real controllers in compressed time, and ends in a verdict, a report and an exit code. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ExitCode, exitCode } from '../core/exit.ts';
import { InputError } from '../core/input-error.ts';
import type { Outcome } from '../core/verdict.ts';
import { keepEvidence } from './rehearsal/kept-evidence.ts';
import { parseOptions, usage } from './rehearsal/options.ts';
import { readScript, rehearse } from './rehearsal/rehearsal.ts';
import { verdictOf, writeVerdict } from './rehearsal/verdict.ts';

const codes: Record<Outcome, ExitCode> = {
  promoted: exitCode.ok,
  refused: exitCode.refused,
  aborted: exitCode.refused,
  inconclusive: exitCode.inconclusive,
};

async function main(): Promise<ExitCode> {
  const options = parseOptions(process.argv.slice(2));
  if (options === null) {
    console.log(usage);
    return exitCode.ok;
  }
  const bin = process.env.GRIDRAMP_BIN;
  if (bin === undefined) throw new Error('GRIDRAMP_BIN is not set: start this by npm run rehearse, which sets it');
  // The Automation API finds the engine on the PATH and nowhere else.
  process.env.PATH = `${bin}:${process.env.PATH ?? ''}`;
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      // Who asks twice does not want to wait; the lab's reaper does the rest.
      if (interrupted.signal.aborted) process.exit(exitCode.failure);
      interrupted.abort(new Error(`stopped by ${signal}`));
    });
  const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
  const script = await readScript(root, bin, options);
  const { seen, terminal, keptAs } = await rehearse(
    script,
    options.json ? process.stderr : process.stdout,
    interrupted.signal,
  );
  const verdict = verdictOf(script, seen);
  const report = await writeVerdict(script, seen, verdict);
  await keepEvidence(script, seen);
  terminal.verdict(verdict, report);
  if (keptAs !== null) (options.json ? console.error : console.log)(`\n${keptAs}`);
  if (options.json) console.log(JSON.stringify(verdict, null, 2));
  return codes[verdict.outcome];
}

try {
  process.exitCode = await main();
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  console.error(error instanceof InputError ? message : `The rehearsal failed: ${message}`);
  process.exitCode = error instanceof InputError ? exitCode.usage : exitCode.failure;
}
