import { type Cell, cellName, edges } from './cells.ts';
import type { CellResult } from './grid.ts';
import { upperLimit } from './limits.ts';
import { peers } from './peers.ts';
import { POWER_DAYS } from './power.ts';
import type { Tally } from './tally.ts';

type Word = 'abort' | 'safe' | 'win';

/** How often a method said a word that is wrong, in one cell at one true change. */
export type WrongRow = {
  kind: Cell['kind'];
  cell: string;
  method: string;
  change: number;
  word: Word;
  wrong: number;
  runs: number;
  rate: number;
  /** Exact upper 95 % limit of the rate. */
  upper: number;
};

/** How often a method aborted within 14 days, in one cell at one true change. */
export type FoundRow = {
  kind: Cell['kind'];
  cell: string;
  method: string;
  change: number;
  runs: number;
  found: number;
};

/** The change from which on 80 and 95 % of the backtests of a cell say a word. */
export type PowerRow = { cell: string; days: number; word: Word; runs: number; at_80: number; at_95: number };

/** Everything that was counted, for whoever asks another question of it. */
export type VerdictRow = { kind: Cell['kind']; cell: string } & Pick<Tally, 'method' | 'change' | 'runs'> &
  Tally['verdicts'];

/** The upper limit that every wrong word has to stay under. */
export const GOAL = 0.01;

/** The true change at which a word is wrong and hardest to tell from right: `abort` of a tie, `safe` at a loss of 5 %, `win` at a gain of 15 %. */
const edgeOf: Record<Word, number> = { win: edges[0], abort: edges[1], safe: edges[2] };

const words: readonly Word[] = ['abort', 'safe', 'win'];
const isPeer = (method: string) => method in peers;

function tallies(results: readonly CellResult[]): { cell: Cell; tally: Tally }[] {
  return results.flatMap(({ cell, tallies }) => tallies.map((tally) => ({ cell, tally })));
}

/** Rows of the judge, or of its peers, which only abort. */
export function wrongRows(results: readonly CellResult[], who: 'judge' | 'peers'): WrongRow[] {
  return tallies(results)
    .filter(({ tally }) => isPeer(tally.method) === (who === 'peers'))
    .flatMap(({ cell, tally: { method, change, runs, verdicts } }) =>
      words
        .filter((word) => change === edgeOf[word] && (who === 'judge' || word === 'abort'))
        .map((word) => {
          const wrong = verdicts[word];
          const upper = upperLimit(wrong, runs);
          return {
            kind: cell.kind,
            cell: cellName(cell),
            method,
            change,
            word,
            wrong,
            runs,
            rate: wrong / runs,
            upper,
          };
        }),
    );
}

export function verdictRows(results: readonly CellResult[]): VerdictRow[] {
  return tallies(results).map(({ cell, tally: { method, change, runs, verdicts } }) => {
    return { kind: cell.kind, cell: cellName(cell), method, change, runs, ...verdicts };
  });
}

/** Rows of everyone who watches live, for true losses. */
export function foundRows(results: readonly CellResult[]): FoundRow[] {
  return tallies(results)
    .filter(({ tally }) => tally.change > 0 && !tally.method.startsWith('backtest'))
    .map(({ cell, tally: { method, change, runs, in_shadow } }) => {
      return { kind: cell.kind, cell: cellName(cell), method, change, runs, found: in_shadow.abort / runs };
    });
}

export function powerRows(results: readonly CellResult[]): PowerRow[] {
  return results
    .filter(({ cell }) => cell.kind === 'recorded')
    .flatMap(({ cell, thresholds }) =>
      POWER_DAYS.flatMap((days) =>
        words.map((word) => {
          // From the easiest path to the hardest: aborts are easy where a small loss is enough, the others where a small gain is.
          const sorted = thresholds
            .filter((threshold) => threshold.days === days && threshold.word === word)
            .map(({ change }) => change)
            .sort((a, b) => (word === 'abort' ? a - b : b - a));
          const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
          return { cell: cellName(cell), days, word, runs: sorted.length, at_80: at(0.8), at_95: at(0.95) };
        }),
      ),
    );
}

/** The most telling row of each method and word: the highest upper limit. */
export function worstRows(rows: readonly WrongRow[]): WrongRow[] {
  const worst = new Map<string, WrongRow>();
  for (const row of rows) {
    const key = `${row.kind}|${row.method}|${row.word}`;
    const known = worst.get(key);
    if (known === undefined || row.upper > known.upper) worst.set(key, row);
  }
  return [...worst.values()];
}
