/** `npm run judge`: judges a file of paired losses as the scorer would have judged the release. */
import { existsSync } from 'node:fs';
import { open, rm, writeFile } from 'node:fs/promises';
import { parseHours } from '../core/duration.ts';
import { type ExitCode, exitCode } from '../core/exit.ts';
import { InputError } from '../core/input-error.ts';
import type { GuardVerdict } from '../core/judge/guard.ts';
import { LEAST_HISTORY_H } from '../core/judge/guard-looks.ts';
import { judgeTable } from '../core/judge/table-verdict.ts';
import { parseFlags, refuse, wholeNumber } from './flags.ts';
import { drawLooks } from './judge/looks-plot.ts';
import { verdictText } from './judge/looks-text.ts';
import { readLosses } from './judge/losses-file.ts';

const usage = `npm run judge -- --losses FILE.csv[.gz] [options]

Judges your own paired errors as a release is judged: scales and variance from a leading history, then a look at every hour with
bounds that hold at all looks together. A history of 90 whole days or more is also the backtest.

  --losses FILE    columns target_time (the end of the hour, in UTC, like 2016-08-07T05:00Z), station_id, stable_abs_error_kw and
                   candidate_abs_error_kw, in any order of columns and rows; a cell may be empty where there is no loss
  --history 28d    the leading part that is not judged; at least 28d (default)
  --every N        print every Nth look (default: about 20, the deciding one among them)
  --plot FILE      draw mean and bounds over the hours, as .svg or .html
  --json           print the outcome with every look as JSON
                   (with npm run --silent, so that npm prints nothing itself)
  --help

Exit codes: 0 safe or win, 3 abort, 4 continue: nothing is proven, 2 wrong usage or an invalid file, 1 anything else.`;

const codes: Record<GuardVerdict, ExitCode> = {
  abort: exitCode.refused,
  win: exitCode.ok,
  safe: exitCode.ok,
  continue: exitCode.inconclusive,
};

const flags = parseFlags(usage, {
  losses: { type: 'string' },
  history: { type: 'string', default: '28d' },
  every: { type: 'string' },
  plot: { type: 'string' },
  json: { type: 'boolean' },
});

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  console.error(error.message);
  process.exitCode = exitCode.usage;
}

async function main(): Promise<ExitCode> {
  const file = flags.losses ?? refuse('--losses is missing: name a file of losses', usage);
  const history_h = historyOf(flags.history);
  const every = flags.every === undefined ? null : wholeNumber('--every', flags.every, 1, 999_999, usage);
  if (flags.plot !== undefined && !/\.(svg|html)$/.test(flags.plot))
    refuse(`--plot: "${flags.plot}" ends neither in .svg nor in .html`, usage);
  if (flags.plot !== undefined) await tryWriting(flags.plot);
  const { table, rows, duplicated_identical } = await readLosses(file);
  const verdict = judgeTable(table, history_h, file);
  if (flags.plot !== undefined) await writeFile(flags.plot, await drawLooks(verdict, flags.plot.endsWith('.html')));
  const read = { file, rows, duplicated_identical };
  if (flags.json) console.log(JSON.stringify({ ...verdict, read }, null, 1));
  else console.log(verdictText(verdict, read, every));
  return codes[verdict.verdict];
}

/** Whoever cannot write the plot should know before the work begins: an InputError. Leaves what is there, and nothing new. */
async function tryWriting(plot: string): Promise<void> {
  const is_new = !existsSync(plot);
  try {
    await (await open(plot, 'a')).close();
  } catch (cause) {
    const message = `"${plot}" cannot be written (${cause instanceof Error ? cause.message : cause})`;
    throw new InputError([{ place: '--plot', message, fix: 'name a file in a folder that is there' }], { cause });
  }
  if (is_new) await rm(plot);
}

function historyOf(text: string): number {
  try {
    const hours = parseHours(text);
    if (hours >= LEAST_HISTORY_H) return hours;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    refuse(`--history: ${error.message}`, usage);
  }
  return refuse(`--history: ${text} is too short to know how errors vary; give 28d or more`, usage);
}
