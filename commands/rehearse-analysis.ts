/** `npm run rehearse:analysis`: judges an AnalysisTemplate over series by Argo's own evaluator on Prometheus' own engine, without a cluster. */
import { writeFile } from 'node:fs/promises';
import { drawPlot } from '../bench/plot.ts';
import { parseSeconds } from '../core/duration.ts';
import { type ExitCode, exitCode } from '../core/exit.ts';
import { InputError } from '../core/input-error.ts';
import { hasColour } from './colour.ts';
import { parseFlags, refuse } from './flags.ts';
import { workingTree } from './plan/versions.ts';
import { analyse } from './rehearse-analysis/analysis-run.ts';
import { analysisText, codeOf } from './rehearse-analysis/analysis-text.ts';
import { readReleases } from './rehearse-analysis/backtest-file.ts';
import { backtest, faultOf } from './rehearse-analysis/backtest-run.ts';
import { backtestPlot, backtestText } from './rehearse-analysis/backtest-text.ts';
import { type PlannedStack, planArgs, planTemplate, readPlan } from './rehearse-analysis/plan-template.ts';
import { readSeries } from './rehearse-analysis/series-file.ts';
import { onlyMetric, readTemplate, refuseUnknownArgs, type TemplateFile } from './rehearse-analysis/template-file.ts';
import { isTooLong, parseTime, timeFix } from './rehearse-analysis/time.ts';
import { type Variant, variantsOfPlan, variantsOfTemplate } from './rehearse-analysis/variants.ts';
import { readStack } from './stack-file.ts';

const usage = `npm run rehearse:analysis -- --template FILE.yaml --series FILE [options]
npm run rehearse:analysis -- (--plan rollouts/forecast.yaml | --stack NAME) --phase ramp-10 --series FILE [options]
npm run rehearse:analysis -- (--template FILE | (--plan FILE | --stack NAME) --phase NAME) --backtest FILE [--sweep NAME=V,V,…] [options]

How would this analysis have been judged? Runs an AnalysisTemplate over made-up or recorded series and prints every measurement: Argo
Rollouts' own controller asks Prometheus' own engine, in time that costs none. Or over the series of past releases, with thresholds
swept: how often each would have aborted for nothing, what it would have missed, and how long it would have taken.

  --template FILE   an AnalysisTemplate; where FILE holds several, --name chooses
  --plan FILE       a plan, compiled here as for production; --phase chooses the template. Its versions' hashes are canary and stable
  --stack NAME      the plan that Pulumi.NAME.yaml names, compiled for that stack
  --metric NAME     judge this metric alone
  --every 5m        how often the plan's gates look (default as in production)
  --series FILE     .yaml: interval: 1m, series: {'up{job="a"}': '1x30 0x5'} in promtool's notation, and optionally start: TIME and
                    outages: [{from: 10m, for: 2m}], when Prometheus is not reached; any other: OpenMetrics with times, as
                    promtool tsdb dump-openmetrics writes it
  --backtest FILE   .yaml: releases: [{name: march, series: FILE, harm: none}], where harm is none for a good release and else the
                    time after the first sample from which on it did harm, like 26h
  --sweep NAME=V,V  thresholds to try: of a gate of the plan (default: all gates that a plan may set, from a quarter of today's to four
                    times it), or values of an argument of the template; may be repeated
  --plot FILE.svg   draw the backtest
  --arg NAME=VALUE  an argument of the template; may be repeated
  --start TIME      when the run begins: a time, or a duration after the first sample (default: the first sample)
  --end TIME        a time at which a run that goes on is left (default: the last sample)
  --lookback 5m     Prometheus' --query.lookback-delta (default 5m)
  --json            print the run, or the backtest, as JSON

Exit codes: 0 successful, or backtested, 3 failed or error, 4 inconclusive or still running when the series end, 2 wrong usage or
invalid input, 1 anything else.`;

const flags = parseFlags(usage, {
  template: { type: 'string' },
  name: { type: 'string' },
  plan: { type: 'string' },
  stack: { type: 'string' },
  phase: { type: 'string' },
  metric: { type: 'string' },
  every: { type: 'string' },
  series: { type: 'string' },
  backtest: { type: 'string' },
  sweep: { type: 'string', multiple: true, default: [] },
  plot: { type: 'string' },
  arg: { type: 'string', multiple: true, default: [] },
  start: { type: 'string' },
  end: { type: 'string' },
  lookback: { type: 'string', default: '5m' },
  json: { type: 'boolean', default: false },
});

try {
  refuseWhatDoesNotGoTogether();
  process.exitCode = flags.backtest === undefined ? await rehearse() : await backtestOf(flags.backtest);
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  console.error(error.message);
  process.exitCode = exitCode.usage;
}

function refuseWhatDoesNotGoTogether(): void {
  const { template, plan, stack, phase, every, series, plot, sweep, end } = flags;
  if ([template, plan, stack].filter((given) => given !== undefined).length !== 1)
    refuse('give one of --template, --plan and --stack', usage);
  if (template === undefined && phase === undefined) refuse('--phase is missing: name a phase of the plan', usage);
  if (template !== undefined && every !== undefined)
    refuse('--every is of a plan: a template says itself how often it looks', usage);
  if ((series === undefined) === (flags.backtest === undefined)) refuse('give one of --series and --backtest', usage);
  if (flags.backtest === undefined && (plot !== undefined || sweep.length > 0))
    refuse('--plot and --sweep are of --backtest', usage);
  if (flags.backtest !== undefined && end !== undefined)
    refuse('--end is of --series: a past release is judged to its end', usage);
}

async function rehearse(): Promise<ExitCode> {
  const chosen =
    flags.template === undefined ? planTemplate(await planned(), phase()) : await templateFile(flags.template);
  const file = flags.metric === undefined ? chosen : onlyMetric(chosen, flags.metric);
  const { template } = file;
  const { series, outages, placeOf } = await readSeries(flags.series ?? '');
  const spec = {
    template,
    args: argsOf(file),
    ...startOf(flags.start),
    ...(flags.end && { end: time('--end', flags.end) }),
  };
  const [answer] = await analyse([
    { series, outages, lookback_s: seconds('--lookback', flags.lookback), runs: [spec] },
  ]);
  if (answer?.fault !== undefined) throw faultOf(answer.fault, placeOf, [{ file }]);
  const { first = '', runs: [run] = [] } = answer ?? {};
  const start = spec.start ?? new Date(Date.parse(first) + 1000 * (spec.start_after_s ?? 0)).toISOString();
  if (spec.end !== undefined && spec.end <= start)
    refuse(`--end: ${flags.end} is not after the start, ${start}`, usage);
  if (run === undefined) throw new Error('analysis-run answered without a run');
  if (flags.json) console.log(JSON.stringify({ template: template.metadata.name, ...run }, null, 1));
  else console.log(analysisText(template, run, hasColour(process.stdout)));
  return codeOf(run);
}

async function backtestOf(file: string): Promise<ExitCode> {
  const variants = await variantsAsked();
  const { start_after_s = 0, start } = startOf(flags.start);
  if (start !== undefined)
    refuse(`--start: ${flags.start} is one time for all releases; give a duration after the first sample`, usage);
  const lookback_s = seconds('--lookback', flags.lookback);
  const tried = await backtest(await readReleases(file), variants, {
    args: argsOf(variants[0]?.file),
    start_after_s,
    lookback_s,
  });
  if (flags.plot !== undefined) await writePlot(flags.plot, await drawPlot(backtestPlot(tried)));
  console.log(flags.json ? JSON.stringify({ backtest: tried }, null, 1) : backtestText(tried));
  return exitCode.ok;
}

async function variantsAsked(): Promise<Variant[]> {
  const sweep = new Map(flags.sweep.map(sweepOf));
  const { template, metric } = flags;
  if (template === undefined) return variantsOfPlan(await planned(), phase(), { metric, sweep });
  const file = await templateFile(template);
  return variantsOfTemplate(metric === undefined ? file : onlyMetric(file, metric), sweep);
}

async function writePlot(file: string, svg: string): Promise<void> {
  try {
    await writeFile(file, svg);
  } catch (cause) {
    const message = `"${file}" cannot be written (${cause instanceof Error ? cause.message : cause})`;
    throw new InputError([{ place: '--plot', message, fix: 'name a file in a folder that is there' }], { cause });
  }
}

async function templateFile(file: string): Promise<TemplateFile> {
  return await readTemplate(file, flags.name);
}

/** The plan, looking as often as was asked for. */
async function planned(): Promise<PlannedStack> {
  const { plan, stack, every } = flags;
  const read = stack === undefined ? await readPlan(plan ?? '') : await readStack(stack, workingTree.read);
  if (every === undefined) return read;
  const interval_s = seconds('--every', every);
  return { plan: read.plan, target: { ...read.target, time: { ...read.target.time, interval_s } } };
}

function phase(): string {
  return flags.phase ?? '';
}

/** Values of the template's arguments. Throws an InputError over one that it does not declare. */
function argsOf(file: TemplateFile | undefined): Record<string, string> {
  const pairs = flags.arg.map((arg): [string, string] => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(arg) ?? [];
    return name === undefined || value === undefined
      ? refuse(`--arg: "${arg}" is not NAME=VALUE`, usage)
      : [name, value];
  });
  if (file !== undefined)
    refuseUnknownArgs(
      file,
      pairs.map(([name]) => name),
    );
  return { ...(flags.template === undefined ? planArgs : {}), ...Object.fromEntries(pairs) };
}

function sweepOf(text: string): [string, number[]] {
  const [, name, values] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  const numbers = (values ?? '').split(',').map((value) => (value.trim() === '' ? Number.NaN : Number(value)));
  if (name === undefined || !numbers.every(Number.isFinite))
    refuse(`--sweep: "${text}" is not NAME=NUMBER,NUMBER,…`, usage);
  return [name, numbers];
}

function startOf(text: string | undefined): { start?: string; start_after_s?: number } {
  if (text === undefined) return {};
  return /^\d+[smhd]$/.test(text) ? { start_after_s: seconds('--start', text) } : { start: time('--start', text) };
}

function time(flag: string, text: string): string {
  const at_ms = parseTime(text);
  return at_ms === null
    ? refuse(`${flag}: "${text}" is no time from 2000 to 2099; ${timeFix}`, usage)
    : new Date(at_ms).toISOString();
}

function seconds(flag: string, text: string): number {
  try {
    const duration_s = parseSeconds(text);
    return isTooLong(duration_s) ? refuse(`${flag}: "${text}" is more than ten years`, usage) : duration_s;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return refuse(`${flag}: ${error.message}`, usage);
  }
}
