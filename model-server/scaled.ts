import { changed, type Predictor } from './predictor.ts';

/** Another predictor's forecast times a positive factor: a candidate that is wrong by a known amount. */
export function scaled(base: Predictor, factor: number): Predictor {
  return {
    ...base,
    kind: 'scaled',
    async forecast(batch) {
      return changed(await base.forecast(batch), (kw) => kw.map((value) => value * factor));
    },
  };
}
