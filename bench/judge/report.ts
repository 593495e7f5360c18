import type { Table } from '../page.ts';
import type { Losses } from './candidates.ts';
import { cellName } from './cells.ts';
import type { CellResult } from './grid.ts';
import { type Pair, pairNames } from './models.ts';
import {
  type FoundRow,
  foundRows,
  GOAL,
  type PowerRow,
  powerRows,
  type VerdictRow,
  verdictRows,
  type WrongRow,
  worstRows,
  wrongRows,
} from './rows.ts';

export type Report = {
  grid: string;
  seed: number;
  date: string;
  machine: string;
  minutes: number;
  telemetry: { name: string; stations: number; days: number };
  passes: boolean;
  failing: WrongRow[];
  wrong: WrongRow[];
  peers: WrongRow[];
  found: FoundRow[];
  power: PowerRow[];
  /** Words that every method said in every cell, at every true change. */
  verdicts: VerdictRow[];
};

export type About = Pick<Report, 'grid' | 'seed' | 'date' | 'machine' | 'minutes'>;

export function reportOf(results: readonly CellResult[], losses: Losses, about: About): Report {
  const wrong = wrongRows(results, 'judge');
  const failing = wrong.filter(({ upper }) => upper > GOAL);
  return {
    ...about,
    telemetry: { name: losses.name, stations: losses.stations, days: losses.hours / 24 },
    passes: failing.length === 0,
    failing,
    wrong,
    peers: wrongRows(results, 'peers'),
    found: foundRows(results),
    power: powerRows(results),
    verdicts: verdictRows(results),
  };
}

const percent = (share: number, digits = 1) => `${(100 * share).toFixed(digits)} %`;
const wrongHead = [
  'part',
  'method',
  'word',
  'true change',
  'worst cell',
  'wrong',
  'upper limit',
  `≤ ${percent(GOAL, 0)}`,
];

function wrongCells(row: WrongRow): string[] {
  const { kind, method, word, change, cell, wrong, runs, upper } = row;
  const verdict = upper <= GOAL ? 'yes' : 'NO';
  return [kind, method, word, signed(change), cell, `${wrong} of ${runs}`, percent(upper, 2), verdict];
}

function signed(change: number): string {
  return `${change > 0 ? '+' : ''}${100 * change} %`;
}

/** What a person reads of a report, in this order. */
export function tablesOf(report: Report): Table[] {
  const worst = worstRows(report.wrong).map(wrongCells);
  const failing = report.failing.map(wrongCells);
  return [
    { title: 'Wrong words: the worst cell of each method', head: wrongHead, rows: worst },
    ...(failing.length === 0 ? [] : [{ title: 'Cells that fail', head: wrongHead, rows: failing }]),
    peerTable(report),
    backtestTable(report),
  ];
}

/** The cell that stands for a pair in the tables of power; result.json has the others. */
const typical = (pair: Pair) => cellName({ kind: 'recorded', pair, leads: 'leads 1-24', resampling: 72 });

/** The judge's live part beside its peers: false aborts of ties, and true losses found. */
function peerTable({ wrong, peers, found }: Report): Table {
  const methods = [...new Set(found.map(({ method }) => method))];
  const ties = [...wrong, ...peers].filter(({ word, change }) => word === 'abort' && change === 0);
  const range = (method: string, kind: WrongRow['kind']) => {
    const rates = ties.filter((row) => row.method === method && row.kind === kind).map(({ rate }) => rate);
    return rates.length === 0 ? 'not run' : `${percent(Math.min(...rates))} – ${percent(Math.max(...rates))}`;
  };
  const foundAt = (method: string, change: number) =>
    pairNames.map((pair) => {
      const row = found.find((each) => each.cell === typical(pair) && each.method === method && each.change === change);
      return row === undefined ? 'not run' : percent(row.found, 0);
    });
  const head = ['method', 'ties aborted, synthetic', 'ties aborted, recorded'];
  return {
    title: 'Live: ties aborted in 19 days, and true losses found within 14 (leads 1-24, blocks of 72 h)',
    head: [...head, `+10 % found (${pairNames.join(' / ')})`, '+20 % found'],
    rows: methods.map((method) => [
      method,
      range(method, 'synthetic'),
      range(method, 'recorded'),
      foundAt(method, 0.1).join(' / '),
      foundAt(method, 0.2).join(' / '),
    ]),
  };
}

const saying = { abort: 'abort at a loss of', safe: 'safe at a gain of', win: 'win at a gain of' } as const;

/** The table of the design, measured: the change at which 80 / 95 % of one-look backtests decide. */
function backtestTable({ power }: Report): Table {
  const rows = power.filter(({ cell }) => cell === typical('similar'));
  const decided = (days: number, word: PowerRow['word'], pair: Pair) => {
    const row = power.find((each) => each.cell === typical(pair) && each.days === days && each.word === word);
    const sign = word === 'abort' ? 1 : -1;
    return [row?.at_80, row?.at_95].map((change = Number.NaN) => (100 * sign * change).toFixed(1)).join(' / ');
  };
  return {
    title: 'Backtest: % at which 80 / 95 % of one look decide (leads 1-24, blocks of 72 h; a negative gain is a loss)',
    head: ['days', 'word', ...pairNames],
    rows: rows.map(({ days, word }) => [
      String(days),
      saying[word],
      ...pairNames.map((pair) => decided(days, word, pair)),
    ]),
  };
}
