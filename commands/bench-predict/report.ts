import type { Table } from '../../bench/page.ts';
import type { Plot } from '../../bench/plot.ts';
import { publish } from '../../bench/publish.ts';
import type { Telemetry } from '../../core/telemetry.ts';
import { goalsOf, type Met } from './goals.ts';
import { type Score, type Summary, summarise } from './score.ts';

export type Measured = {
  telemetry: Telemetry;
  from: string;
  to: string;
  scores: readonly Score[];
  machine: string;
  date: string;
};

/** Writes table.md, stations.csv, result.json, a plot and index.html; returns the Markdown. `scores` have control and fallback among them. */
export async function writeReport(measured: Measured, folder: string): Promise<string> {
  const { telemetry, from, to, scores, machine, date } = measured;
  const summaries = summariesOf(scores);
  return await publish(folder, {
    ...{ name: 'bench:predict', title: `Predictors on ${telemetry.name}` },
    about: `${telemetry.stations.length} stations of ${telemetry.name}, held out ${from} to ${to}, every fifth issue hour, 24 leads; ${machine}, ${date}`,
    tables: [tableOf(summaries), ...goalTables(goalsOf(summaries))],
    plots: [plotOf(scores)],
    files: {
      'result.json': `${JSON.stringify({ telemetry: telemetry.name, from, to, machine, date, summaries }, null, 2)}\n`,
      'stations.csv': stationsCsv(telemetry, scores),
    },
  });
}

export function summariesOf(scores: readonly Score[]): Summary[] {
  const [control, fallback] = ['control', 'fallback'].map((name) => scores.find((score) => score.name === name));
  if (control === undefined || fallback === undefined)
    throw new RangeError('control and fallback must be among the scores');
  return scores.map((score) => summarise(score, control, fallback));
}

const percent = (share: number) => (Number.isNaN(share) ? 'none' : `${(100 * share).toFixed(1)} %`);

function tableOf(summaries: readonly Summary[]): Table {
  return {
    title: 'MAE on held-out time, means over stations',
    head: [
      'predictor',
      'lower than control',
      'lower than fallback',
      'stations worse than fallback',
      '90 % interval holds',
      'CPU s to train',
      'CPU s to measure',
    ],
    rows: summaries.map(({ name, to_control, to_fallback, worse, coverage, trained_cpu_s, measured_cpu_s }) => [
      name,
      percent(1 - to_control),
      percent(1 - to_fallback),
      percent(worse),
      percent(coverage),
      trained_cpu_s === null ? '' : String(Math.round(trained_cpu_s)),
      String(Math.round(measured_cpu_s)),
    ]),
  };
}

function goalTables(goals: readonly Met[]): Table[] {
  if (goals.length === 0) return [];
  const rows = goals.map(({ what, goal, value, met }) => [what, goal, percent(value), met ? 'yes' : 'no']);
  return [{ title: 'Goals of all', head: ['what', 'goal', 'measured', 'met'], rows }];
}

function stationsCsv({ stations }: Telemetry, scores: readonly Score[]): string {
  const head = ['station_id', ...scores.flatMap(({ name }) => [`${name}_mae_kw`, `${name}_held`])];
  const lines = stations.map(({ station_id }, s) => {
    const cells = scores.flatMap(({ stations: of }) => {
      const { error_kw, count, held, said } = of[s] ?? { error_kw: 0, count: 0, held: 0, said: 0 };
      return [(error_kw / count).toPrecision(6), said === 0 ? '' : (held / said).toFixed(4)];
    });
    return [station_id, ...cells].join(',');
  });
  return `${[head.join(','), ...lines].join('\n')}\n`;
}

/** Each station's error against the fallback, best first, a line for each predictor. */
function plotOf(scores: readonly Score[]): Plot {
  const fallback = scores.find(({ name }) => name === 'fallback');
  const values = scores
    .filter(({ name }) => name !== 'fallback')
    .flatMap(({ name, stations }) =>
      stations
        .map(({ error_kw }, s) => error_kw / (fallback?.stations[s]?.error_kw ?? Number.NaN))
        .filter(Number.isFinite)
        .toSorted((a, b) => a - b)
        .map((ratio, i, all) => ({ predictor: name, share: (i + 1) / all.length, ratio })),
    );
  return {
    file: 'stations.svg',
    title: 'MAE over the fallback’s, stations in order',
    spec: {
      width: 640,
      height: 320,
      data: { values },
      mark: { type: 'line', clip: true },
      encoding: {
        x: { field: 'share', type: 'quantitative', title: 'share of the stations', axis: { format: '%' } },
        y: { field: 'ratio', type: 'quantitative', title: 'MAE / fallback', scale: { domain: [0.4, 1.6] } },
        color: { field: 'predictor', type: 'nominal', sort: null },
      },
    },
  };
}
