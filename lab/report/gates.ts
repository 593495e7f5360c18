import type { GateInPlan } from '../../core/evidence.ts';
import { type Html, html } from '../../core/html.ts';
import { quantity } from '../../core/outcome.ts';
import type { Timeline } from '../../core/timeline.ts';
import type { Verdict, VerdictGate } from '../../core/verdict.ts';

const marks = { passed: '✓', failed: '✗', error: '!', inconclusive: '?', running: '–' } as const;
const words = {
  ...{ passed: 'passed', failed: 'failed', error: 'error' },
  inconclusive: 'not settled',
  running: 'cut short',
} as const;
const worst_first = ['failed', 'error', 'inconclusive', 'running', 'passed'] as const;

/** Every gate with its measurements: those that decided against the release come first, and open. */
export function gatesSection(verdict: Verdict, timeline: Timeline | null, gates: readonly GateInPlan[]): Html {
  const names = [...new Set(verdict.gates.map(({ name }) => name))];
  if (names.length === 0) return html`<p>No gate was measured.</p>`;
  const cards = names
    .map((name) => ({ name, rows: verdict.gates.filter((gate) => gate.name === name) }))
    .map((card) => ({
      ...card,
      worst: worst_first.find((each) => card.rows.some(({ outcome }) => outcome === each)) ?? 'passed',
    }))
    .sort((a, b) => worst_first.indexOf(a.worst) - worst_first.indexOf(b.worst));
  return html`${cards.map(({ name, rows, worst }) => {
    const gate = gates.find((each) => each.name === name);
    const limit = rows[0]?.threshold ?? null;
    return html`<details class="gate ${worst}"${worst === 'passed' || worst === 'running' ? '' : html` open`}>
<summary><span class="mark">${marks[worst]}</span> <strong>${name}</strong> <span class="dim">${gate?.titles[gate.threshold] ?? 'not a gate of the plan'}</span></summary>
<div class="scroll"><table><thead><tr><th scope="col">Phase</th><th scope="col">Outcome</th><th scope="col">Measurements</th><th scope="col" class="number">Last</th><th scope="col" class="number">Limit</th><th scope="col" class="number">Taken</th></tr></thead>
<tbody>${rows.map((row) => phaseRow(row, limit))}</tbody></table></div>
${measurementsOf(rows)}${queriesOf(name, timeline)}
</details>`;
  })}`;
}

function phaseRow(gate: VerdictGate, limit: number | null): Html {
  const last = gate.measurements.findLast(({ value }) => value !== null)?.value ?? null;
  return html`<tr><th scope="row">${gate.phase}</th><td class="${gate.outcome}">${marks[gate.outcome]} ${words[gate.outcome]}${gate.message === '' ? '' : html`<br><span class="dim">${gate.message}</span>`}</td><td>${sparkline(gate)}</td><td class="number">${last === null ? 'none' : quantity(last, gate.unit)}</td><td class="number">${limit === null ? '' : quantity(limit, gate.unit)}</td><td class="number">${gate.measurements.length}</td></tr>`;
}

const WIDTH = 150;
const HEIGHT = 28;

/** The measurements as a small line with its limit; harmful ones are dots, and a phase without a value is an empty line. */
function sparkline({ measurements, threshold }: VerdictGate): Html {
  const points = measurements.flatMap(({ value, outcome }, i) => (value === null ? [] : [{ value, outcome, i }]));
  const values = points.map(({ value }) => value);
  const shown = threshold === null ? values : [...values, threshold];
  const [low, high] = [Math.min(...shown), Math.max(...shown)];
  const x = (i: number) => (3 + (i * (WIDTH - 6)) / Math.max(1, measurements.length - 1)).toFixed(1);
  const y = (value: number) => (HEIGHT - 3 - ((value - low) * (HEIGHT - 6)) / (high - low || 1)).toFixed(1);
  const label =
    points.length === 0
      ? `${measurements.length} measurements, none with a value`
      : `${measurements.length} measurements from ${quantity(Math.min(...values), '')} to ${quantity(Math.max(...values), '')}`;
  const path = points.map(({ value, i }) => `${x(i)},${y(value)}`).join(' ');
  const dots = points.filter(
    ({ outcome }, i) => outcome === 'harmful' || points.length === 1 || i === points.length - 1,
  );
  return html`<svg class="spark" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">${
    threshold === null || points.length === 0
      ? ''
      : html`<line class="limit" x1="0" x2="${WIDTH}" y1="${y(threshold)}" y2="${y(threshold)}"/>`
  }<polyline points="${path}"/>${dots.map(({ value, outcome, i }) => html`<circle class="${outcome}" cx="${x(i)}" cy="${y(value)}" r="2.5"/>`)}</svg>`;
}

function measurementsOf(rows: VerdictGate[]): Html {
  const body = rows.flatMap(({ phase, unit, measurements }) =>
    measurements.map(({ at, value, outcome }) => {
      const shown = value === null ? 'none' : quantity(value, unit);
      return html`<tr><td>${phase}</td><td>${at.slice(11, 19)}</td><td class="number">${shown}</td><td class="${outcome}">${outcome}</td></tr>`;
    }),
  );
  return html`<details class="inner"><summary>All ${body.length} measurements</summary><div class="scroll tall"><table><thead><tr><th scope="col">Phase</th><th scope="col">Time (UTC)</th><th scope="col" class="number">Value</th><th scope="col">Outcome</th></tr></thead><tbody>${body}</tbody></table></div></details>`;
}

function queriesOf(name: string, timeline: Timeline | null): Html | string {
  const metrics = timeline?.runs.flatMap((run) => run.metrics.filter((metric) => metric.name === name)) ?? [];
  const queries = [...new Set(metrics.flatMap(({ query }) => (query === null ? [] : [query])))];
  if (queries.length === 0) return '';
  return html`<details class="inner"><summary>Query as Prometheus got it${queries.length > 1 ? ` (${queries.length}: the hours differ by phase)` : ''}</summary>${queries.map((query) => html`<pre><code>${query}</code></pre>`)}</details>`;
}
