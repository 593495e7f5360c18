import { InputError } from '../../core/input-error.ts';
import { type AnalysisFault, analyse, type RunSpec } from './analysis-run.ts';
import { type Judgement, judgementOf, type Tally, tallyOf } from './backtest.ts';
import type { PastRelease } from './backtest-file.ts';
import type { Variant } from './variants.ts';

export type Tried = Tally &
  Pick<Variant, 'what' | 'threshold' | 'current'> & { fates: (Judgement & { release: string })[] };

/** More thresholds than these tell no more, and each is judged over every release. */
const MOST_VARIANTS = 500;

/** Judges every release by every variant. Throws an InputError over a series, a template or too many variants. */
export async function backtest(
  releases: readonly PastRelease[],
  variants: readonly Variant[],
  common: { args: Record<string, string>; start_after_s: number; lookback_s: number },
): Promise<Tried[]> {
  if (variants.length > MOST_VARIANTS) {
    const message = `${variants.length} thresholds, and ${MOST_VARIANTS} are the most`;
    throw new InputError([{ place: '--sweep', message, fix: 'try fewer at once' }]);
  }
  const runs = variants.map(
    ({ file, args }): RunSpec => ({
      template: file.template,
      args: { ...common.args, ...args },
      start_after_s: common.start_after_s,
    }),
  );
  const { lookback_s } = common;
  const judged: { name: string; judgements: Judgement[] }[] = [];
  // One after the other: what is said of every look of every release would be gigabytes.
  for (const { name, series, harm_s } of releases) {
    const { placeOf, ...seen } = series;
    const [answer] = await analyse([{ ...seen, lookback_s, runs }]);
    if (answer === undefined) throw new Error(`analysis-run said nothing of ${name}`);
    if (answer.fault !== undefined) throw faultOf(answer.fault, placeOf, variants);
    const first_s = Date.parse(answer.first) / 1000;
    judged.push({ name, judgements: answer.runs.map((run) => judgementOf(run, harm_s, first_s)) });
  }
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
