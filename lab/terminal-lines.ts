import { accuracyOf, latencyOf } from '../core/evidence.ts';
import { lessOrMore, quantity } from '../core/outcome.ts';
import { type AnalysisRunSeen, type MetricSeen, phaseLabel, phaseOfStep } from '../core/timeline.ts';
import type { Verdict, VerdictGate } from '../core/verdict.ts';
import type { LiveTimeline } from './observe-recorder.ts';
import type { ReplayProgress } from './replay.ts';

/** What the live view shows; either part is null until it has begun. */
export type Progress = { live: LiveTimeline | null; replay: ReplayProgress | null };

export type Totals = { stations: number; hours: number };

export type Style = 'plain' | 'dim' | 'bold' | 'good' | 'bad' | 'warn';
export type Span = { text: string; style: Style };
export type Line = Span[];

export const span = (text: string, style: Style = 'plain'): Span => ({ text, style });

const BAR_CELLS = 20;

/** The live view, one line per thing that a watcher asks about. */
export function viewLines(progress: Progress, totals: Totals): Line[] {
  const { live } = progress;
  if (live === null) return [];
  return [
    labelled('phase', phaseSpans(live)),
    labelled('weight', weightSpans(live, totals)),
    labelled('accuracy', [span(accuracyText(live))]),
    labelled('latency', [span(latencyText(live))]),
    labelled('replay', [span(replayText(progress, totals))]),
    ...gateLines(live),
  ];
}

/** The same in one line, for logs. */
export function summaryLine(progress: Progress, totals: Totals): string {
  const { live } = progress;
  if (live === null) return '';
  const phase = phaseOfStep(live.phases, lastStep(live));
  const weight = `${lastWeight(live)} % of stations, ${exposedText(live, totals)}`;
  const before = lastStep(live) === null ? 'starting' : 'all phases over';
  const parts = [phase ? phaseLabel(phase) : before, weight, accuracyText(live), latencyText(live)];
  return [...parts, replayText(progress, totals)].join(' · ');
}

function labelled(label: string, spans: Line): Line {
  return [span(`  ${label.padEnd(10)}`, 'dim'), ...spans];
}

function phaseSpans(live: LiveTimeline): Line {
  const current = phaseOfStep(live.phases, lastStep(live));
  return live.phases.flatMap((phase, i) => {
    const run = live.runs.findLast(({ step }) => step === phase.analysis_step);
    const arrow = i === 0 ? [] : [span(' > ', 'dim')];
    return [...arrow, phaseSpan(phaseLabel(phase), run, phase === current)];
  });
}

function phaseSpan(label: string, run: AnalysisRunSeen | undefined, is_current: boolean): Span {
  if (run?.phase === 'Successful') return span(`✓ ${label}`, 'good');
  if (run?.phase === 'Failed' || run?.phase === 'Error') return span(`✗ ${label}`, 'bad');
  if (run?.phase === 'Inconclusive') return span(`? ${label}`, 'warn');
  return span(label, is_current ? 'bold' : 'dim');
}

function weightSpans(live: LiveTimeline, totals: Totals): Line {
  const weight = lastWeight(live);
  const cells = Math.round((weight / 100) * BAR_CELLS);
  const number = `${weight} %`.padEnd(6);
  const bar = [span('█'.repeat(cells), 'good'), span('░'.repeat(BAR_CELLS - cells), 'dim')];
  return [span(number, 'bold'), ...bar, span(`  ${exposedText(live, totals)}`)];
}

function exposedText(live: LiveTimeline, { stations }: Totals): string {
  return `${live.samples.at(-1)?.stations_exposed ?? 0} of ${stations} stations exposed so far`;
}

function accuracyText(live: LiveTimeline): string {
  const { mae_ratio, lower, upper, hours } = accuracyOf(live);
  if (mae_ratio === null) return hours > 0 ? `${hours} hours judged` : 'no hour judged yet';
  const bounds =
    lower === null || upper === null ? '' : ` (surely between ${lessOrMore(lower)} and ${lessOrMore(upper)})`;
  return `${lessOrMore(mae_ratio)} error than stable${bounds}, ${hours} hours judged`;
}

function latencyText(live: LiveTimeline): string {
  const { stable, canary } = latencyOf(live);
  const text = (value: number | null) => (value === null ? 'none yet' : quantity(value, 'ms'));
  return `p99 of the candidate ${text(canary)}, of the stable ${text(stable)}`;
}

function replayText({ replay }: Progress, { hours }: Totals): string {
  if (replay === null) return 'not begun';
  const rate = `${replay.hours_per_s.toFixed(1)} hours/s`;
  const left_s = replay.hours_per_s > 0 ? Math.ceil(Math.max(0, hours - replay.hours_done) / replay.hours_per_s) : null;
  const behind = replay.pairs_behind > 0 ? `, pairs ${replay.pairs_behind} h behind` : '';
  return `hour ${replay.hours_done} of ${hours}, ${rate}${behind}${left_s === null ? '' : `, about ${left_s} s left`}`;
}

/** How the gates of the latest analysis last looked: harmful first, then those still open. */
function gateLines(live: LiveTimeline): Line[] {
  const run = live.runs.findLast(({ metrics }) => metrics.length > 0);
  if (run === undefined) return [labelled('gates', [span('none measured yet', 'dim')])];
  const of = (wanted: readonly string[]) => run.metrics.filter((metric) => wanted.includes(latestPhase(metric)));
  const groups: [string, Style, MetricSeen[]][] = [
    ['✗', 'bad', of(['Failed', 'Error'])],
    ['…', 'warn', of(['Inconclusive', 'Pending', 'Running'])],
    ['✓', 'good', of(['Successful'])],
  ];
  const shown = groups.filter(([, , metrics]) => metrics.length > 0);
  return shown.map(([mark, style, metrics], i) => {
    const names = metrics.map((metric) => metric.name + (style === 'bad' ? valueText(metric) : ''));
    return labelled(i === 0 ? 'gates' : '', [span(`${mark} `, style), span(names.join('  '))]);
  });
}

function latestPhase(metric: MetricSeen): string {
  return metric.measurements.at(-1)?.phase ?? metric.phase;
}

function valueText(metric: MetricSeen): string {
  const value = metric.measurements.at(-1)?.value ?? null;
  return value === null ? '' : ` ${quantity(value, '')}`;
}

function lastStep(live: LiveTimeline): number | null {
  return live.events.findLast(({ kind }) => kind === 'step')?.step ?? null;
}

function lastWeight(live: LiveTimeline): number {
  return live.events.at(-1)?.weight_percent ?? 0;
}

const outcomeStyles = { promoted: 'good', refused: 'bad', aborted: 'bad', inconclusive: 'warn' } as const;

/** The block at the end: outcome, reason, table of gates, where the report lies. */
export function verdictLines(
  verdict: Verdict,
  report: string,
  exposed: { stations: number; of: number } | null,
): Line[] {
  const { outcome, reason, timings_s } = verdict;
  const breach = timings_s.breach_to_zero_weight;
  const facts = [
    ...(exposed ? [`${exposed.stations} of ${exposed.of} stations were answered by the candidate`] : []),
    ...(breach === null ? [] : [`${breach.toFixed(1)} s from the breach to zero weight`]),
    `${timings_s.total.toFixed(1)} s in all`,
  ];
  return [
    [],
    [span(` ${outcome.toUpperCase()} `, outcomeStyles[outcome])],
    [span(reason)],
    [span(facts.join(' · '), 'dim')],
    [],
    ...gateTable(verdict),
    [span('Report: ', 'dim'), span(report, 'bold')],
  ];
}

const gateStyles = { passed: 'good', failed: 'bad', error: 'bad', inconclusive: 'warn', running: 'dim' } as const;
const gateMarks = { passed: '✓', failed: '✗', error: '!', inconclusive: '?', running: '–' } as const;

/** One row per gate, one mark per phase. */
function gateTable({ gates, phases }: Verdict): Line[] {
  const reached = phases.filter(({ outcome }) => outcome !== 'not reached').map(({ name }) => name);
  // Of what was measured while the release only waited, nothing is a phase's.
  const names = [...new Set(gates.filter(({ phase }) => reached.includes(phase)).map(({ name }) => name))];
  if (names.length === 0 || reached.length === 0) return [];
  const width = Math.max(...names.map(({ length }) => length)) + 2;
  const header = [span(''.padEnd(width)), ...reached.map((name) => span(`${name}  `, 'dim'))];
  const rows = names.map((name) => {
    const cells = reached.map((phase) =>
      gateCell(
        gates.find((gate) => gate.name === name && gate.phase === phase),
        phase,
      ),
    );
    return [span(name.padEnd(width)), ...cells];
  });
  return [header, ...rows, []];
}

function gateCell(gate: VerdictGate | undefined, phase: string): Span {
  const text = gate ? `${gateMarks[gate.outcome]} ${lastMeasured(gate)}` : '';
  const width = phase.length + 2;
  return span(text.slice(0, width - 1).padEnd(width), gate ? gateStyles[gate.outcome] : 'plain');
}

function lastMeasured({ measurements, unit }: VerdictGate): string {
  const value = measurements.findLast((measurement) => measurement.value !== null)?.value ?? null;
  return value === null ? '' : quantity(value, unit === 'share' ? unit : '');
}

/** Stations that the candidate has answered, by the last look. */
export function exposedOf({ samples }: Pick<LiveTimeline, 'samples'>): number {
  return samples.findLast(({ stations_exposed }) => stations_exposed !== null)?.stations_exposed ?? 0;
}
