import { DIFFERENCE_FIELDS } from '../../core/judge/differences.ts';
import type { Losses } from './candidates.ts';
import { forEach, leadModes, type Model, models, pairNames } from './models.ts';

/** For tests: losses that a formula gives, lead 24 half as large again, and forecasts that differ by a ripple. */
export function madeLosses(stations: number, hours: number, of: (model: Model, i: number) => number): Losses {
  const cells = stations * hours;
  const shared = (length: number) => new Float64Array(new SharedArrayBuffer(8 * length));
  return {
    name: 'made',
    stations,
    hours,
    models: forEach(models, (model) =>
      forEach(leadModes, (leads) => shared(cells).map((_, i) => (leads === 'lead 24' ? 1.5 : 1) * of(model, i))),
    ),
    differences: forEach(pairNames, () => shared(DIFFERENCE_FIELDS * cells).map((_, i) => 2 + Math.sin(i))),
  };
}
