import type { Assessment } from '../../core/assessment/assess.ts';
import type { Comparison } from '../../core/assessment/compare.ts';
import type { Answer } from '../../core/assessment/criteria.ts';
import type { Interval } from '../../core/assessment/estimate.ts';
import { between, lower, plural } from '../../core/assessment/words.ts';
import { type Html, html, trusted } from '../../core/html.ts';
import { drawPlots } from '../../lab/report/plots.ts';
import { style } from '../../lab/report/style.ts';
import { plotsOf } from './plots.ts';
import { energySection, latencySection, resourcesSection, roiSection } from './report-costs.ts';
import { table } from './report-table.ts';

export type ReportExtras = {
  generated_at: string;
  /** Notices that licences ask for. */
  notice: string;
};

const tones: Record<Answer, string> = { met: 'promoted', 'not met': 'refused', 'cannot be concluded': 'inconclusive' };
const cells: Record<Answer, string> = { met: 'passed', 'not met': 'failed', 'cannot be concluded': 'inconclusive' };
const marks: Record<Answer, string> = {
  met: '✓ met',
  'not met': '✗ not met',
  'cannot be concluded': '? cannot be concluded',
};

/** The assessment as one HTML file that needs nothing else. Every text in it is escaped: people write feedback. */
export async function renderAssessment(assessment: Assessment, extras: ReportExtras): Promise<string> {
  const plots = plotsOf(assessment);
  const drawn = await drawPlots(plots);
  const plot = (id: string) => drawn[plots.findIndex((candidate) => candidate.id === id)];
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Assessment: ${assessment.outcome}</title><style>${trusted(style)}</style></head>
<body><main>
<h1>Assessment of a release: ${assessment.before.from} to ${assessment.before.to} before, ${assessment.after.from} to ${assessment.after.to} after</h1>
<div class="verdict ${tones[assessment.outcome]}"><div class="word">${assessment.outcome}</div><p>${assessment.sentence}</p></div>
${tiles(assessment)}
<section><h2>What was asked for</h2>${criteria(assessment)}${plot('changes')}</section>
<section><h2>What cannot be concluded</h2>${list(
    assessment.cannot_be_concluded.map(({ sentence }) => sentence),
    'Nothing stands against these windows.',
  )}</section>
${accuracySection(assessment, { errors: plot('errors'), leads: plot('leads'), stations: plot('stations') })}
${latencySection(assessment, plot('latency'))}${energySection(assessment)}${resourcesSection(assessment)}${roiSection(assessment)}
${peopleSection(assessment)}
<section><h2>Assumptions</h2>${table(
    ['What', 'Value', 'Who says so'],
    assessment.assumptions.map(({ name, value, source }) => [name, value, source]),
  )}</section>
<section><h2>Lessons learned (draft)</h2>${list(assessment.lessons, 'The evidence teaches nothing beyond the answers above.')}</section>
<section><h2>Next phase (draft)</h2>${list(assessment.next.steps, '')}<details><summary>The plan, ${assessment.next.changes.length === 0 ? 'unchanged' : `with ${plural(assessment.next.changes.length, 'change')}`}</summary><pre><code>${assessment.next.yaml}</code></pre></details></section>
<footer><p>Facts: ${assessment.from.facts}. ${extras.notice}</p><p>Written ${extras.generated_at}.</p></footer>
</main></body></html>
`;
  return page.text;
}

function tiles({ accuracy, energy, latency, roi, people }: Assessment): Html {
  const facts: [string | null, string][] = [
    [accuracy.mae === null ? null : lower(accuracy.mae.change.value), 'mean absolute error'],
    [accuracy.rmse === null ? null : lower(accuracy.rmse.change.value), 'root mean squared error'],
    [energy.change === null ? null : lower(energy.change.change.value), 'cost of forecast errors'],
    [latency.after === null ? null : `${latency.after.p99_ms.toFixed(0)} ms`, 'p99 latency after'],
    [roi.roi === null ? 'unknown' : `${(100 * roi.roi.value).toFixed(0)} %`, 'return on what was spent'],
    [people.feedback.after === null ? null : people.feedback.after.mean.toFixed(2), 'mean feedback score of 5'],
  ];
  return html`<ul class="tiles">${facts.filter(([value]) => value !== null).map(([value, label]) => html`<li><strong>${value}</strong><span>${label}</span></li>`)}</ul>`;
}

function criteria({ criteria }: Assessment): Html {
  return html`<div class="scroll"><table><thead><tr><th scope="col">Criterion</th><th scope="col">Answer</th><th scope="col">Why</th></tr></thead><tbody>${criteria.map(
    ({ title, answer, sentence }) =>
      html`<tr><td>${title}</td><td class="${cells[answer]}">${marks[answer]}</td><td>${sentence}</td></tr>`,
  )}</tbody></table></div>`;
}

function list(sentences: readonly string[], otherwise: string): Html {
  return sentences.length === 0
    ? html`<p>${otherwise}</p>`
    : html`<ul>${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>`;
}

type Drawn = Record<'errors' | 'leads' | 'stations', Html | undefined>;
/** Stations shown at each end. */
const SHOWN = 5;

function accuracySection({ accuracy }: Assessment, plots: Drawn): Html {
  const { mae_kw, stations, arms } = accuracy;
  const shown = stations.length <= 2 * SHOWN ? stations : [...stations.slice(0, SHOWN), ...stations.slice(-SHOWN)];
  return html`<section><h2>Accuracy</h2>
<p>Errors are in units of each station's usual error under the control (the seasonal 24 h forecast), so that stations weigh alike; a change is that of a typical day.</p>
${table(
  ['Measure', 'Both releases on the same days', 'Each against the control, on its own days', 'Concluded from'],
  [changeRow('mean absolute error', accuracy.mae), changeRow('root mean squared error', accuracy.rmse)],
)}
${table(
  ['Mean absolute error over all station-hours', 'Before', 'After'],
  [
    ['what served', power(mae_kw.before), power(mae_kw.after)],
    ['control', power(mae_kw.control_before), power(mae_kw.control_after)],
  ],
)}
${plots.errors}${plots.leads}${plots.stations}
${
  shown.length === 0
    ? ''
    : table(
        [stations.length === shown.length ? 'Station' : `Station (best and worst ${SHOWN})`, 'Hours', 'Change'],
        shown.map(({ station_id, hours, change }) => [station_id, hours.toLocaleString('en'), lower(change)]),
      )
}
${
  arms.length < 2
    ? ''
    : table(
        ['Arm', 'Days', 'Against the control'],
        arms.map(({ arm, days, against_control }) => [
          arm,
          String(days),
          `${lower(against_control.value)}, ${between(against_control)}`,
        ]),
      )
}
</section>`;
}

function changeRow(name: string, of: Comparison | null): string[] {
  if (of === null) return [name, 'not recorded', 'not recorded', ''];
  const said = (interval: Interval | null) =>
    interval === null ? 'no days' : `${lower(interval.value)}, ${between(interval)}`;
  return [name, said(of.paired), said(of.against_control), of.method === 'paired' ? 'the same days' : 'the control'];
}

/** Four digits, in MW from 10 MW on. */
function power(value_kw: number | null): string {
  if (value_kw === null) return 'not recorded';
  const [value, unit] = value_kw < 10_000 ? [value_kw, 'kW'] : [value_kw / 1000, 'MW'];
  return `${value.toLocaleString('en', { maximumSignificantDigits: 4 })} ${unit}`;
}

function peopleSection({ people: { feedback, engagement } }: Assessment): Html {
  const opinion = (of: typeof feedback.after) =>
    of === null ? 'none' : `${of.mean.toFixed(2)} of 5 (${of.scores} scores)`;
  const followed = (of: typeof engagement.after) =>
    of === null ? 'not recorded' : `${((100 * of.followed) / of.shown).toFixed(1)} % of ${of.shown}`;
  return html`<section><h2>People</h2>${table(
    ['What', 'Before', 'After'],
    [
      ['feedback', opinion(feedback.before), opinion(feedback.after)],
      ['recommendations followed', followed(engagement.before), followed(engagement.after)],
    ],
  )}${feedback.texts.map((text) => html`<blockquote>${text}</blockquote>`)}</section>`;
}
