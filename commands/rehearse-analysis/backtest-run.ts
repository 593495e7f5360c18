import { InputError } from '../../core/input-error.ts';
import { type AnalysisFault, analyse, type RunSpec } from './analysis-run.ts';
import { type Judgement, judgementOf, type Tally, tallyOf } from './backtest.ts';
import type { PastRelease } from './backtest-file.ts';
import type { Variant } from './variants.ts';

export type Tried = Tally &
  Pick<Variant, 'what' | 'threshold' | 'current'> & { fates: (Judgement & { release: string })[] };

/** Judges every release by every variant. Throws an InputError over a series or a template. */
export async function backtest(
  releases: readonly PastRelease[],
  variants: readonly Variant[],
  common: { args: Record<string, string>; start_after_s: number; lookback_s: number },
): Promise<Tried[]> {
  const runs = variants.map(
    ({ file, args }): RunSpec => ({
      template: file.template,
      args: { ...common.args, ...args },
      start_after_s: common.start_after_s,
    }),
  );
  const { lookback_s } = common;
  const answers = await analyse(
    releases.map(({ series: { series, outages } }) => ({ series, outages, lookback_s, runs })),
  );
  const judged = releases.map(({ name, series, harm_s }, n) => {
    const answer = answers[n];
    if (answer === undefined) throw new Error(`analysis-run said nothing of ${name}`);
    if (answer.fault !== undefined) throw faultOf(answer.fault, series.placeOf, variants);
    const first_s = Date.parse(answer.first) / 1000;
    return { name, judgements: answer.runs.map((run) => judgementOf(run, harm_s, first_s)) };
  });
  return variants.map(({ what, threshold, current }, v) => {
    const fates = judged.flatMap(({ name, judgements }) => {
      const judgement = judgements[v];
      return judgement === undefined ? [] : [{ release: name, ...judgement }];
    });
    return { what, threshold, current, ...tallyOf(fates), fates };
  });
}

/** What analysis-run says is wrong, where it was written. */
export function faultOf(
  fault: AnalysisFault,
  placeInSeries: (fault: AnalysisFault) => string,
  templates: readonly Pick<Variant, 'file'>[],
): InputError {
  const { in: where, at, message } = fault;
  if (where !== 'template') return new InputError([{ place: placeInSeries(fault), message, fix: 'correct it' }]);
  const place = templates[at]?.file.placeOf(['spec']) ?? 'the template';
  return new InputError([{ place, message, fix: 'correct it, or give what lacks by --arg' }]);
}
