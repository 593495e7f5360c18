import type { IMetric } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/Metric';
import { conjuncts } from './condition.ts';
import type { Rule } from './rule.ts';

/** Argo repeats a measurement that erred every 10 s: so many in a row are five minutes. */
const LEAST_ERRORS_FORGIVEN = 30;

/** What any metric of an AnalysisTemplate can be misread in. Those about conditions concern Prometheus, whose answer is a vector. */
export const metricRules: readonly Rule<IMetric>[] = [
  {
    rule: 'no-error-limit',
    reason: 'errors do not count but repeat every 10 s, and the fifth in a row aborts: a restart of Prometheus would',
    fix: `write consecutiveErrorLimit: ${LEAST_ERRORS_FORGIVEN} or more`,
    caught: ({ consecutiveErrorLimit }) => !isAtLeast(LEAST_ERRORS_FORGIVEN, consecutiveErrorLimit),
  },
  {
    rule: 'limit-left-out',
    reason: 'limits that are left out are 0, so that the first odd measurement ends the release; -1 never ends it',
    fix: 'write failureLimit (the number that is forgiven: limits compare with >) and inconclusiveLimit',
    caught: ({ failureLimit, inconclusiveLimit }) => !isAtLeast(0, failureLimit) || !isAtLeast(0, inconclusiveLimit),
  },
  {
    rule: 'one-condition',
    reason:
      'with a failureCondition alone NaN is a success, with a successCondition alone it fails, with none all pass',
    fix: 'write both conditions',
    caught: (metric) => isVector(metric) && conditionsOf(metric).length < 2,
  },
  {
    rule: 'series-not-counted',
    reason: 'result[0] is an error where there is no series, and where there are several all but one go unjudged',
    fix: 'begin both conditions with: len(result) == 1 &&',
    caught: (metric) => !allDemand(metric, 'len(result) == 1'),
  },
  {
    rule: 'nan-decides',
    reason: 'a comparison with NaN is false, which the other condition must not read as its own',
    fix: 'add to both conditions: && !isNaN(result[0])',
    caught: (metric) => !allDemand(metric, '!isNaN(result[0])'),
  },
  {
    rule: 'infinity-decides',
    reason: 'a quotient by 0 is infinite and says nothing about the release',
    fix: 'add to both conditions: && !isInf(result[0])',
    caught: (metric) => !allDemand(metric, '!isInf(result[0])'),
  },
  {
    rule: 'initial-delay',
    reason: 'a run that ends before its first measurement is a success, and the delay counts from the run’s start',
    fix: 'leave initialDelay out; let the query be empty until there is something to judge',
    caught: ({ initialDelay }) => initialDelay !== undefined,
  },
  {
    rule: 'interval-not-whole',
    reason: 'the controller stores times in whole seconds, so that a shorter interval measures in a busy loop',
    fix: 'write an interval of whole seconds like 1s or 5m',
    caught: ({ interval }) => !/^[1-9]\d*[smh]$/.test(interval ?? ''),
  },
  {
    rule: 'versions-mixed',
    reason: 'the query selects no version by its pod-template hash, so that it judges canary and stable as one',
    fix: 'select by {{args.canary-hash}}',
    caught: ({ provider: { prometheus } }) => {
      const query = prometheus?.query ?? '';
      return prometheus !== undefined && !/\{\{\s*args\.[^}]*\}\}/.test(query) && !asksTheClockAlone(query);
    },
  },
];

/** What a metric of an inline analysis must say beside: when its phase is over. */
export const phaseMetricRules: readonly Rule<IMetric>[] = [
  {
    rule: 'no-count',
    reason: 'an inline analysis without a count never ends',
    fix: 'write count: how many measurements the phase may take',
    caught: ({ count }) => !isAtLeast(1, count),
  },
  {
    rule: 'count-too-small',
    reason: 'fewer measurements than may fail and must succeed are refused by the controller',
    fix: 'write a count of at least failureLimit + consecutiveSuccessLimit, and of inconclusiveLimit',
    caught: ({ count, failureLimit, consecutiveSuccessLimit, inconclusiveLimit }) =>
      count !== undefined &&
      (Number(count) < Number(failureLimit ?? 0) + Number(consecutiveSuccessLimit ?? 0) ||
        Number(count) < Number(inconclusiveLimit ?? 0)),
  },
  {
    rule: 'passes-by-count',
    reason: 'once count is reached it is a success, although every measurement may have been inconclusive',
    fix: 'write consecutiveSuccessLimit: so many good measurements in a row pass, anything less pauses',
    caught: ({ consecutiveSuccessLimit }) => !isAtLeast(1, consecutiveSuccessLimit),
  },
];

/** What a metric of a background analysis must not say: it looks on until the release ends. */
export const watchMetricRules: readonly Rule<IMetric>[] = [
  {
    rule: 'watch-that-ends',
    reason: 'once its count or its row of successes is reached it looks no more, while the release goes on',
    fix: 'leave count and consecutiveSuccessLimit out of what looks on in the background',
    caught: ({ count, consecutiveSuccessLimit }) => count !== undefined || consecutiveSuccessLimit !== undefined,
  },
];

/** Of no version, since it selects no series: only time() is left when numbers and operators are taken away. */
function asksTheClockAlone(query: string): boolean {
  return /^[\s\d.()<>=+*-]*$/.test(query.replace(/\b(?:vector|time|bool)\b/g, ''));
}

function isAtLeast(least: number, limit: number | string | undefined): boolean {
  return limit !== undefined && Number.isInteger(Number(limit)) && Number(limit) >= least;
}

function isVector({ provider }: IMetric): boolean {
  return provider.prometheus !== undefined;
}

function conditionsOf({ successCondition, failureCondition }: IMetric): string[] {
  return [successCondition ?? '', failureCondition ?? ''].filter((condition) => condition !== '');
}

function allDemand(metric: IMetric, guard: string): boolean {
  const bare = (text: string) => text.replace(/\s/g, '');
  return (
    !isVector(metric) ||
    conditionsOf(metric).every((condition) => conjuncts(condition).some((part) => bare(part) === bare(guard)))
  );
}
