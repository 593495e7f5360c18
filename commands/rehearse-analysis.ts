/** `npm run rehearse:analysis`: judges an AnalysisTemplate over series by Argo's own evaluator on Prometheus' own engine, without a cluster. */
import { parseSeconds } from '../core/duration.ts';
import { type ExitCode, exitCode } from '../core/exit.ts';
import { InputError } from '../core/input-error.ts';
import { hasColour } from './colour.ts';
import { parseFlags, refuse } from './flags.ts';
import { analyse, type JudgedRun } from './rehearse-analysis/analysis-run.ts';
import { analysisText, codeOf } from './rehearse-analysis/analysis-text.ts';
import { planArgs, templateOfPlan } from './rehearse-analysis/plan-template.ts';
import { readSeries } from './rehearse-analysis/series-file.ts';
import { onlyMetric, readTemplate, type TemplateFile } from './rehearse-analysis/template-file.ts';

const usage = `npm run rehearse:analysis -- --template FILE.yaml --series FILE [options]
npm run rehearse:analysis -- --plan rollouts/forecast.yaml --phase ramp-10 --series FILE [options]

How would this analysis have been judged? Runs an AnalysisTemplate over made-up or recorded series and prints every measurement: Argo
Rollouts' own controller asks Prometheus' own engine, in time that costs none.

  --template FILE   an AnalysisTemplate; where FILE holds several, --name chooses
  --plan FILE       a plan, compiled here as for production; --phase chooses the template. Its versions' hashes are canary and stable
  --metric NAME     judge this metric alone
  --series FILE     .yaml: interval: 1m, series: {'up{job="a"}': '1x30 0x5'} in promtool's notation, and optionally start: TIME and
                    outages: [{from: 10m, for: 2m}], when Prometheus is not reached; any other: OpenMetrics with times, as
                    promtool tsdb dump-openmetrics writes it
  --arg NAME=VALUE  an argument of the template; may be repeated
  --start TIME      when the run begins: a time, or a duration after the first sample (default: the first sample)
  --end TIME        a time at which a run that goes on is left (default: the last sample)
  --lookback 5m     Prometheus' --query.lookback-delta (default 5m)
  --json            print the run as JSON

Exit codes: 0 successful, 3 failed or error, 4 inconclusive or still running when the series end, 2 wrong usage or invalid input,
1 anything else.`;

const flags = parseFlags(usage, {
  template: { type: 'string' },
  name: { type: 'string' },
  plan: { type: 'string' },
  phase: { type: 'string' },
  metric: { type: 'string' },
  series: { type: 'string' },
  arg: { type: 'string', multiple: true, default: [] },
  start: { type: 'string' },
  end: { type: 'string' },
  lookback: { type: 'string', default: '5m' },
  json: { type: 'boolean', default: false },
});

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  console.error(error.message);
  process.exitCode = exitCode.usage;
}

async function main(): Promise<ExitCode> {
  const file = flags.series ?? refuse('--series is missing: name a file of series', usage);
  const chosen = await templateFile();
  const { template, placeOf } = flags.metric === undefined ? chosen : onlyMetric(chosen, flags.metric);
  const { series, outages, placeOf: placeInSeries } = await readSeries(file);
  const spec = { template, args: argsOf(flags.arg), ...startOf(flags.start), ...endOf(flags.end) };
  const [answer] = await analyse([
    { series, outages, lookback_s: seconds('--lookback', flags.lookback), runs: [spec] },
  ]);
  if (answer?.fault !== undefined) {
    const { in: where, message } = answer.fault;
    const place = where === 'template' ? placeOf(['spec']) : placeInSeries(answer.fault);
    throw new InputError([
      { place, message, fix: where === 'template' ? 'correct it, or give what lacks by --arg' : 'correct it' },
    ]);
  }
  const [run] = answer?.runs ?? [];
  if (run === undefined) throw new Error('analysis-run answered without a run');
  console.log(
    flags.json ? jsonOf(template.metadata.name, run) : analysisText(template, run, hasColour(process.stdout)),
  );
  return codeOf(run);
}

function jsonOf(template: string, run: JudgedRun): string {
  return JSON.stringify({ template, ...run }, null, 1);
}

async function templateFile(): Promise<TemplateFile> {
  const { template, plan, phase, name } = flags;
  if (template !== undefined && plan === undefined) return await readTemplate(template, name);
  if (plan === undefined || template !== undefined) refuse('give one of --template and --plan', usage);
  return await templateOfPlan(plan, phase ?? refuse('--phase is missing: name a phase of the plan', usage));
}

function argsOf(given: readonly string[]): Record<string, string> {
  const pairs = given.map((arg) => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(arg) ?? [];
    return name === undefined || value === undefined
      ? refuse(`--arg: "${arg}" is not NAME=VALUE`, usage)
      : [name, value];
  });
  return { ...(flags.plan === undefined ? {} : planArgs), ...Object.fromEntries(pairs) };
}

function startOf(text: string | undefined) {
  if (text === undefined) return {};
  return /^\d+[smhd]$/.test(text) ? { start_after_s: seconds('--start', text) } : { start: time('--start', text) };
}

function endOf(text: string | undefined) {
  return text === undefined ? {} : { end: time('--end', text) };
}

function time(flag: string, text: string): string {
  const at_ms = Date.parse(text);
  return Number.isNaN(at_ms)
    ? refuse(`${flag}: "${text}" is not a time like 2026-01-05T06:00:00Z`, usage)
    : new Date(at_ms).toISOString();
}

function seconds(flag: string, text: string): number {
  try {
    return parseSeconds(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return refuse(`${flag}: ${error.message}`, usage);
  }
}
