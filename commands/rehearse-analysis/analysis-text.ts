import pc from 'picocolors';
import { type ExitCode, exitCode } from '../../core/exit.ts';
import { textTable } from '../text-table.ts';
import type { JudgedMetric, JudgedRun, Measurement } from './analysis-run.ts';
import type { Template, TemplateMetric } from './template-file.ts';

/** Argo's defaults, where a template says nothing. */
const DEFAULTS = { failureLimit: 0, inconclusiveLimit: 0, consecutiveErrorLimit: 4 };

/** How a run ended, as the command's exit code. What had not ended when the series did decides nothing. */
export function codeOf({ phase }: JudgedRun): ExitCode {
  if (phase === 'Successful') return exitCode.ok;
  return phase === 'Failed' || phase === 'Error' ? exitCode.refused : exitCode.inconclusive;
}

/** What was asked, every measurement with its counters against their limits, and how the run ended. */
export function analysisText(template: Template, run: JudgedRun, colour: boolean): string {
  const metricOf = (name: string) => template.spec.metrics.find((metric) => metric.name === name);
  return [
    ...run.metrics.flatMap((judged) => [...asked(judged, metricOf(judged.name)), '']),
    ...measured(run, metricOf),
    '',
    ending(template, run, colour),
  ].join('\n');
}

function asked(judged: JudgedMetric, metric: TemplateMetric | undefined): string[] {
  const line = (what: string, said: unknown) => (said === undefined ? [] : [`  ${what.padEnd(8)} ${said}`]);
  return [
    `${judged.name}${judged.dry_run ? ' (dry run: it decides nothing)' : ''}`,
    ...line('query', judged.query.trim().replaceAll('\n', `\n${' '.repeat(11)}`)),
    ...line('success', metric?.successCondition),
    ...line('failure', metric?.failureCondition),
  ];
}

function measured(
  { measurements, started_at }: JudgedRun,
  metricOf: (name: string) => TemplateMetric | undefined,
): string[] {
  if (started_at === null) return ['nothing was measured'];
  const start_ms = Date.parse(started_at);
  const row = (look: Measurement): string[] => {
    const metric = metricOf(look.metric);
    const of = (counter: number, limit: unknown) => (limit === undefined ? `${counter}` : `${counter}/${limit}`);
    return [
      `${new Date(look.started_at).toISOString().slice(0, 19)}Z`,
      `${(Date.parse(look.started_at) - start_ms) / 1000} s`,
      look.metric,
      look.value,
      look.phase,
      of(look.count, metric?.count),
      of(look.failed, metric?.failureLimit ?? DEFAULTS.failureLimit),
      of(look.inconclusive, metric?.inconclusiveLimit ?? DEFAULTS.inconclusiveLimit),
      of(look.consecutive_error, metric?.consecutiveErrorLimit ?? DEFAULTS.consecutiveErrorLimit),
      of(look.consecutive_success, metric?.consecutiveSuccessLimit),
      look.metric_phase,
      look.message,
    ];
  };
  const head = [
    'time',
    'after',
    'metric',
    'value',
    'measured',
    'count',
    'failed',
    'unclear',
    'errors',
    'good',
    'metric is',
    '',
  ];
  const over = ['', '', '', '', '', '', '', '', 'in a row', 'in a row', '', ''];
  return textTable([head, over], measurements.map(row), [1, 5, 6, 7, 8, 9]);
}

function ending(template: Template, { phase, message, started_at, completed_at }: JudgedRun, colour: boolean): string {
  const { green, red, yellow } = pc.createColors(colour);
  const paint = phase === 'Successful' ? green : phase === 'Failed' || phase === 'Error' ? red : yellow;
  const lasted_s = started_at && completed_at ? (Date.parse(completed_at) - Date.parse(started_at)) / 1000 : null;
  const when = lasted_s === null ? '' : ` after ${lasted_s} s`;
  const because = completed_at === null && phase === 'Running' ? 'the series end here' : message;
  return `${template.metadata.name}: ${paint(phase)}${when}${because ? `: ${because}` : ''}`;
}
