import type { Plot } from '../plot.ts';
import type { Report } from './measure.ts';

/** What the tables cannot show at a glance. */
export function plotsOf(report: Report): Plot[] {
  return [alarmPlot(report), shiftPlot(report), lossPlot(report)];
}

function alarmPlot({ sets }: Report): Plot {
  const values = sets.flatMap(({ telemetry, alarms }) =>
    (['defaults', 'published'] as const).flatMap((thresholds) =>
      alarms[thresholds].map(({ watched, detector, fleet }) => ({
        telemetry,
        thresholds,
        what: `${watched}, ${detector}`,
        per_month: fleet.per_month,
      })),
    ),
  );
  return {
    file: 'false-alarms.svg',
    title: 'False alarms per month of all stations together, nobody having disturbed anything',
    spec: {
      data: { values },
      facet: { column: { field: 'telemetry', title: null } },
      spec: {
        width: 300,
        mark: { type: 'point', filled: true, size: 60 },
        encoding: {
          x: { field: 'per_month', type: 'quantitative', title: 'per month' },
          y: { field: 'what', type: 'nominal', title: null, axis: { labelLimit: 300 } },
          color: { field: 'thresholds', type: 'nominal', title: 'thresholds' },
        },
      },
    },
  };
}

function shiftPlot({ sets }: Report): Plot {
  const values = sets.flatMap(({ telemetry, shifts }) =>
    shifts
      .filter(({ share }) => share === 1)
      .flatMap(({ size, found }) =>
        found.flatMap(({ detector, stations }) =>
          stations === null ? [] : [{ telemetry, size, detector, named: stations.shifted }],
        ),
      ),
  );
  return {
    file: 'level-shift.svg',
    title: 'Stations whose shifted readings were named within ten days',
    spec: {
      data: { values },
      facet: { column: { field: 'telemetry', title: null } },
      spec: {
        width: 300,
        mark: { type: 'line', point: true },
        encoding: {
          x: { field: 'size', type: 'quantitative', title: 'shift of the level', axis: { format: '+.0%' } },
          y: { field: 'named', type: 'quantitative', title: 'share named', axis: { format: '.0%' } },
          color: { field: 'detector', type: 'nominal', title: null },
        },
      },
    },
  };
}

function lossPlot({ sets }: Report): Plot {
  const values = sets.flatMap(({ telemetry, losses }) =>
    losses.flatMap(({ factor, found }) =>
      found.map(({ watched, detector, days, found }) => ({ telemetry, factor, watched, detector, days, found })),
    ),
  );
  return {
    file: 'model-errs-more.svg',
    title: 'Days to detection where a model errs more (median of the replays in which it was found; size: their share)',
    spec: {
      data: { values: values.filter(({ days }) => days !== null) },
      facet: { column: { field: 'telemetry', title: null }, row: { field: 'watched', title: null } },
      spec: {
        width: 300,
        mark: { type: 'point', filled: true },
        encoding: {
          x: { field: 'factor', type: 'ordinal', title: 'error, times the usual' },
          y: { field: 'days', type: 'quantitative', title: 'days' },
          size: { field: 'found', type: 'quantitative', title: 'found', legend: { format: '.0%' } },
          color: { field: 'detector', type: 'nominal', title: null },
        },
      },
    },
  };
}
