import type { TopLevelSpec } from 'vega-lite';
import type { Plot } from '../../bench/plot.ts';
import { textTable } from '../text-table.ts';
import type { Tried } from './backtest-run.ts';

/** A row for each threshold; today's is marked. */
export function backtestText(tried: readonly Tried[]): string {
  const head = ['', 'threshold', 'false aborts', '', 'missed', '', 'waiting', 'found after', 'at the latest'];
  const rows = tried.map(({ what, threshold, current, to_detect_s, ...tally }, n) => [
    tried[n - 1]?.what === what ? '' : what,
    `${current ? '* ' : ''}${Number(threshold.toPrecision(6))}`,
    `${tally.false_aborts} of ${tally.releases}`,
    percent(tally.false_abort_rate),
    `${tally.missed}`,
    percent(tally.miss_rate),
    `${tally.waiting}`,
    to_detect_s === null ? '' : hours(to_detect_s.median),
    to_detect_s === null ? '' : hours(to_detect_s.longest),
  ]);
  const legend = [
    '* today’s. False aborts are of all releases; missed of those that lived to do harm; found after: the median.',
    'Waiting: judged inconclusive, or still being judged when the series end; a harmful release that waits counts as missed.',
  ];
  return [...textTable([head], rows, [1, 2, 3, 4, 5, 6, 7, 8]), '', ...legend].join('\n');
}

const percent = (share: number | null) => (share === null ? '' : `${Math.round(share * 100)} %`);

function hours(seconds: number): string {
  return seconds < 3600 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 360) / 10} h`;
}

/** Rates and time to detect over the thresholds, a column for each gate. */
export function backtestPlot(tried: readonly Tried[]): Plot {
  const names = [...new Set(tried.map(({ what }) => what))];
  const spec: TopLevelSpec = {
    hconcat: names.map((name) =>
      column(
        name,
        tried.filter(({ what }) => what === name),
      ),
    ),
  };
  return { file: 'backtest.svg', title: 'What each threshold would have done to the releases of the past', spec };
}

function column(name: string, tried: readonly Tried[]) {
  const rates = tried.flatMap(({ threshold, false_abort_rate, miss_rate }) => [
    { threshold, rate: false_abort_rate, what: 'false aborts' },
    { threshold, rate: miss_rate, what: 'missed' },
  ]);
  const today = tried.filter(({ current }) => current).map(({ threshold }) => ({ threshold }));
  const times = tried.map(({ threshold, to_detect_s }) => ({
    threshold,
    hours: to_detect_s && to_detect_s.median / 3600,
  }));
  const x = { field: 'threshold', type: 'quantitative', title: name, scale: { zero: false } } as const;
  const rule = { data: { values: today }, mark: { type: 'rule' as const, strokeDash: [4, 4] }, encoding: { x } };
  const line = { type: 'line', point: true } as const;
  return {
    vconcat: [
      {
        width: 260,
        height: 160,
        layer: [
          {
            data: { values: rates },
            mark: line,
            encoding: {
              x,
              y: {
                field: 'rate',
                type: 'quantitative' as const,
                title: 'share of releases',
                axis: { format: '.0%' },
                scale: { domain: [0, 1] },
              },
              color: { field: 'what', type: 'nominal' as const, title: null },
            },
          },
          rule,
        ],
      },
      {
        width: 260,
        height: 100,
        layer: [
          {
            data: { values: times },
            mark: line,
            encoding: { x, y: { field: 'hours', type: 'quantitative' as const, title: 'hours to detect (median)' } },
          },
          rule,
        ],
      },
    ],
  };
}
