import { finite } from '../finite-promql.ts';
import { metrics, thetas } from '../metrics.ts';
import { GUARD, type ThetaName } from './guard.ts';

/**
 * `guardAt` as PromQL over the scorer's metrics: one series per release, pod hash and arm that `matchers` select, empty below GUARD.min_hours.
 * All operands carry the same labels (one scrape of one scorer), so the default matching pairs each with its own and can never be
 * many-to-many: should two releases match, the answer has two series, which gates treat as inconclusive.
 */
export function guardPromql(options: { matchers: string; theta: ThetaName; bound: 'lower' | 'upper' }): string {
  const of = (metric: { name: string }) =>
    finite(`${metric.name}{${options.matchers},theta="${thetas[options.theta]}"}`);
  const n = of(metrics.pair_hours);
  const mean = `(${of(metrics.pair_sum)} / (${n} >= ${GUARD.min_hours}))`;
  const margin = `(${scale(of, n)} * ${factor(n, of(metrics.guard_alpha))})`;
  return options.bound === 'lower' ? `(${mean} - ${margin})` : `(${mean} + ${margin})`;
}

function scale(of: (metric: { name: string }) => string, n: string): string {
  const sum = of(metrics.pair_sum);
  const running_sq = `clamp_min((${of(metrics.pair_sumsq)} - ${sum} * ${sum} / ${n}) / (${n} - 1), 0)`;
  const prior = GUARD.prior_hours;
  const sigma_sq = `((${prior} * ${of(metrics.sigma0_sq)} + ${n} * ${running_sq}) / (${prior} + ${n}))`;
  return `sqrt(${GUARD.inflation} * ${of(metrics.kappa)} * ${sigma_sq})`;
}

function factor(n: string, alpha: string): string {
  const spread = `(${n} * ${GUARD.rho_sq} + 1)`;
  return `sqrt(2 * ${spread} / (${n} * ${n} * ${GUARD.rho_sq}) * ln(1 + sqrt(${spread}) / (2 * ${alpha})))`;
}
