import type { TopLevelSpec } from 'vega-lite';
import type { Plot } from '../plot.ts';
import type { Report } from './report.ts';
import { GOAL } from './rows.ts';

const percentAxis = { format: '~%', grid: true };

/** What the tables cannot show: every cell, and whole curves. */
export function plotsOf(report: Report): Plot[] {
  return [
    { file: 'wrong.svg', title: 'Upper 95 % limit of wrong words, every cell', spec: wrongSpec(report) },
    { file: 'ties.svg', title: 'Ties aborted within 19 days, every cell', spec: tiesSpec(report) },
    { file: 'power.svg', title: 'Losses and gains at which 80 % of backtests decide', spec: powerSpec(report) },
  ];
}

function wrongSpec({ wrong }: Report): TopLevelSpec {
  return {
    data: { values: wrong.map((row) => ({ ...row, goal: GOAL })) },
    facet: { row: { field: 'word', title: null }, column: { field: 'kind', title: null } },
    // Not every method says every word.
    resolve: { scale: { y: 'independent' } },
    spec: {
      width: 300,
      layer: [
        {
          mark: { type: 'tick', opacity: 0.6 },
          encoding: {
            x: { field: 'upper', type: 'quantitative', title: 'upper limit', axis: { format: '.1%' } },
            y: { field: 'method', type: 'nominal', title: null },
          },
        },
        { mark: { type: 'rule', color: '#c33' }, encoding: { x: { field: 'goal', type: 'quantitative' } } },
      ],
    },
  };
}

function tiesSpec({ wrong, peers }: Report): TopLevelSpec {
  const live = [...wrong.filter(({ method }) => method.startsWith('guard')), ...peers];
  return {
    data: { values: live.filter(({ word, change }) => word === 'abort' && change === 0) },
    facet: { column: { field: 'kind', title: null } },
    spec: {
      width: 300,
      mark: { type: 'tick', opacity: 0.6 },
      encoding: {
        x: { field: 'rate', type: 'quantitative', title: 'ties aborted', axis: percentAxis },
        y: { field: 'method', type: 'nominal', title: null, sort: '-x' },
      },
    },
  };
}

function powerSpec({ power }: Report): TopLevelSpec {
  return {
    data: { values: power.map((row) => ({ ...row, pair: row.cell.split(',')[0] })) },
    facet: { column: { field: 'word', title: null } },
    spec: {
      width: 200,
      mark: { type: 'point', filled: true },
      encoding: {
        x: { field: 'days', type: 'ordinal', title: 'days of backtest' },
        y: { field: 'at_80', type: 'quantitative', title: "true change of the candidate's loss", axis: percentAxis },
        color: { field: 'pair', type: 'nominal', title: null },
      },
    },
  };
}

export function aboutLine({ telemetry, grid, seed, date, machine, minutes }: Report): string {
  const set = `${telemetry.name} (${telemetry.stations} stations, ${telemetry.days} days out of sample)`;
  return `Recorded errors: ${set}. Grid: ${grid}; seed ${seed}, ${date}, ${minutes.toFixed(0)} minutes on ${machine}.`;
}
