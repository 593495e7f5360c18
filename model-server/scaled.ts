import type { Predictor } from './predictor.ts';

/** Another predictor's forecast times a factor: a candidate that is wrong by a known amount. */
export function scaled(base: Predictor, factor: number): Predictor {
  return {
    kind: 'scaled',
    async forecast(batch) {
      const values_kw = await base.forecast(batch);
      return values_kw.map((value) => value * factor);
    },
    dispose: base.dispose,
  };
}
