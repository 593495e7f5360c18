import type { GateInPlan } from '../../core/evidence.ts';
import { type Html, html, trusted } from '../../core/html.ts';
import { lessOrMore, quantity } from '../../core/outcome.ts';
import type { Timeline } from '../../core/timeline.ts';
import type { Verdict } from '../../core/verdict.ts';
import { gatesSection } from './gates.ts';
import { backtestPlot, type DailyLossRatio, timelinePlots } from './plot-specs.ts';
import { drawPlots, type Plot } from './plots.ts';
import { style } from './style.ts';

export type ReportExtras = {
  generated_at: string;
  gates: readonly GateInPlan[];
  /** Whether the plan accepts a proven small loss. */
  accepted_loss: boolean;
  /** Candidate's over stable's scaled loss of each whole day of the backtest. */
  daily_loss_ratio: readonly DailyLossRatio[];
  plan_text: string;
  /** The set that was replayed, with the notice that its licence asks for. */
  telemetry: { name: string; stations: number; notice: string };
  /** Null: nothing was replayed. */
  replay: {
    hours_per_s: number;
    achieved_hours_per_s: number;
    held_s: number;
    behind_s: number;
    sent: number;
    failed: number;
  } | null;
  breach: { gate: string; seconds: number; ended: 'weight' | 'mirror' } | null;
  /** The machine that ran it, in words: "2 cores, 24 GiB". */
  machine: string;
};

/** The report: one HTML file that needs nothing else, from a disk or a server. `timeline` is null where nothing was released. */
export async function renderReport(verdict: Verdict, timeline: Timeline | null, extras: ReportExtras): Promise<string> {
  const plots = await drawnPlots(verdict, timeline, extras);
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${verdict.outcome}: rehearsal ${verdict.scenario}</title><style>${trusted(style)}</style></head>
<body><main>
<h1>Rehearsal of a release, scenario ${verdict.scenario}</h1>
${headline(verdict)}${tiles(verdict, timeline, extras)}
${plots.rollout.length > 0 ? html`<section><h2>What happened</h2>${plots.rollout}</section>` : ''}
${phasesSection(verdict)}
<section><h2>Before any traffic: the backtest</h2><p>${verdict.backtest.sentence}</p>${armsTable(verdict)}${plots.backtest}</section>
<section><h2>Every gate</h2>${gatesSection(verdict, timeline, extras.gates)}</section>
${eventsSection(timeline)}${timingsSection(verdict, extras)}${versionsSection(verdict)}
<section><h2>The plan</h2><pre><code>${extras.plan_text}</code></pre></section>
<footer><p>Telemetry: ${extras.telemetry.name}, ${extras.telemetry.stations} stations. ${extras.telemetry.notice}</p>
<p>Written ${extras.generated_at} on ${extras.machine}. Rehearsed in compressed time: durations and windows are shorter than in production, everything else is the same.</p></footer>
</main></body></html>
`;
  return page.text;
}

async function drawnPlots(verdict: Verdict, timeline: Timeline | null, extras: ReportExtras) {
  const latency_ms = extras.gates.find(({ name }) => name === 'latency')?.threshold ?? null;
  const { accepted_loss } = extras;
  const rollout: Plot[] = timeline === null ? [] : timelinePlots(timeline, { latency_ms, accepted_loss });
  const backtest = extras.daily_loss_ratio.length > 0 ? [backtestPlot(extras.daily_loss_ratio, verdict.backtest)] : [];
  const drawn = await drawPlots([...rollout, ...backtest]);
  return { rollout: drawn.slice(0, rollout.length), backtest: drawn.slice(rollout.length) };
}

function headline({ outcome, reason }: Verdict): Html {
  return html`<div class="verdict ${outcome}"><div class="word">${outcome}</div><p>${reason}</p></div>`;
}

function tiles(verdict: Verdict, timeline: Timeline | null, extras: ReportExtras): Html {
  const { accuracy, latency_ms_p99: latency, timings_s } = verdict;
  const exposed = timeline?.samples.findLast(({ stations_exposed }) => stations_exposed !== null)?.stations_exposed;
  const facts: [string | null, string][] = [
    [
      accuracy.mae_ratio === null ? null : lessOrMore(accuracy.mae_ratio),
      `error than the stable version, over ${accuracy.hours} judged hours`,
    ],
    [boundsText(accuracy), 'its bounds, valid at every look'],
    [
      latency.canary === null ? null : quantity(latency.canary, 'ms'),
      `p99 latency; stable ${latency.stable === null ? 'unknown' : quantity(latency.stable, 'ms')}`,
    ],
    [
      exposed === undefined || exposed === null ? null : `${exposed} of ${extras.telemetry.stations}`,
      'stations answered by the candidate',
    ],
    [
      timings_s.breach_to_zero_weight === null ? null : `${timings_s.breach_to_zero_weight.toFixed(1)} s`,
      'from the breach being visible to no traffic',
    ],
    [`${timings_s.total.toFixed(1)} s`, 'for the whole rehearsal'],
  ];
  return html`<ul class="tiles">${facts.filter(([value]) => value !== null).map(([value, label]) => html`<li><strong>${value}</strong><span>${label}</span></li>`)}</ul>`;
}

function boundsText({ lower, upper }: Verdict['accuracy']): string | null {
  if (lower === null || upper === null) return null;
  const signed = (ratio: number) => `${ratio <= 1 ? '−' : '+'}${Math.abs(100 * (ratio - 1)).toFixed(0)} %`;
  return `${signed(lower)} to ${signed(upper)}`;
}

function armsTable({ backtest: { arms } }: Verdict): Html {
  if (arms.length === 0) return html``;
  const tone = { abort: 'failed', continue: 'inconclusive', none: 'inconclusive', safe: 'passed', win: 'passed' };
  return html`<div class="scroll"><table><thead><tr><th scope="col">Arm</th><th scope="col">Word</th><th scope="col">Why</th></tr></thead><tbody>${arms.map(
    ({ arm, verdict: word, sentence }) =>
      html`<tr><th scope="row">${arm}</th><td class="${tone[word]}">${word}</td><td>${sentence}</td></tr>`,
  )}</tbody></table></div>`;
}

const phaseMarks = {
  passed: '✓ passed',
  failed: '✗ failed',
  inconclusive: '? not settled',
  'not reached': 'not reached',
} as const;

function phasesSection({ phases }: Verdict): Html {
  if (phases.length === 0) return html``;
  const seconds = (from: string | null, to: string | null) =>
    from === null || to === null ? '' : `${((Date.parse(to) - Date.parse(from)) / 1000).toFixed(1)} s`;
  return html`<section><h2>Phases</h2><div class="scroll"><table><thead><tr><th scope="col">Phase</th><th scope="col">Outcome</th><th scope="col" class="number">Stations</th><th scope="col" class="number">Hours replayed</th><th scope="col" class="number">Real time</th></tr></thead><tbody>${phases.map(
    (phase) =>
      html`<tr><th scope="row">${phase.name}</th><td class="${phase.outcome === 'not reached' ? 'dim' : phase.outcome}">${phaseMarks[phase.outcome]}</td><td class="number">${phase.weight_percent} %</td><td class="number">${phase.hours}</td><td class="number">${seconds(phase.started_at, phase.ended_at)}</td></tr>`,
  )}</tbody></table></div></section>`;
}

function eventsSection(timeline: Timeline | null): Html {
  if (timeline === null) return html``;
  const start_ms = Date.parse(timeline.started_at);
  return html`<section><h2>What the controller did</h2><details><summary>${timeline.events.length} events</summary><div class="scroll tall"><table><thead><tr><th scope="col" class="number">Second</th><th scope="col" class="number">Hour</th><th scope="col">Event</th></tr></thead><tbody>${timeline.events.map(
    ({ at, hour, text }) =>
      html`<tr><td class="number">${((Date.parse(at) - start_ms) / 1000).toFixed(1)}</td><td class="number">${hour ?? ''}</td><td>${text}</td></tr>`,
  )}</tbody></table></div></details></section>`;
}

function timingsSection({ timings_s }: Verdict, { replay, breach }: ReportExtras): Html {
  const rows: [string, string][] = [
    [
      'Control plane and controllers ready',
      timings_s.lab_ready === null ? 'not needed' : `${timings_s.lab_ready.toFixed(1)} s`,
    ],
    ['Whole rehearsal', `${timings_s.total.toFixed(1)} s`],
  ];
  if (breach)
    rows.push([
      `Breach of gate ${breach.gate} visible in Prometheus, until Envoy's ${breach.ended === 'weight' ? 'weight was 0' : 'mirror was off'}`,
      `${breach.seconds.toFixed(1)} s`,
    ]);
  if (replay)
    rows.push(
      [
        'Replay, hours per second: asked for / achieved',
        `${replay.hours_per_s.toFixed(1)} / ${replay.achieved_hours_per_s.toFixed(1)}`,
      ],
      ['Waited at ends of phases', `${replay.held_s.toFixed(1)} s`],
      ['Waited because this machine could not keep the pace', `${replay.behind_s.toFixed(1)} s`],
      ['Routed forecasts: sent / failed', `${replay.sent} / ${replay.failed}`],
    );
  return keyValues('Timings', ['What', 'Measured'], rows);
}

function versionsSection({ versions, release }: Verdict): Html {
  const rows = Object.entries(versions).concat([
    ['stable release', release.stable],
    ['candidate release', release.candidate],
  ]);
  return keyValues('What ran, in which version', ['Program', 'Version'], rows);
}

function keyValues(title: string, [left, right]: [string, string], rows: [string, string][]): Html {
  return html`<section><h2>${title}</h2><div class="scroll"><table><thead><tr><th scope="col">${left}</th><th scope="col">${right}</th></tr></thead><tbody>${rows.map(([key, value]) => html`<tr><th scope="row">${key}</th><td><code>${value}</code></td></tr>`)}</tbody></table></div></section>`;
}
