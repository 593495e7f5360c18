import type { Assessment } from '../../core/assessment/assess.ts';
import { isWhole, type Usage } from '../../core/assessment/resources.ts';
import type { RoiLine } from '../../core/assessment/roi.ts';
import { type Amount, between, lower, moneyIn } from '../../core/assessment/words.ts';
import { type Html, html } from '../../core/html.ts';
import { table } from './report-table.ts';

type Maybe = number | null | undefined;
const number = (value: Maybe, digits: number, unit: string) =>
  value == null ? 'not recorded' : `${value.toFixed(digits)} ${unit}`;

export function latencySection({ latency: { before, after } }: Assessment, plot: Html | undefined): Html {
  if (before === null && after === null) return html`<section><h2>Latency</h2><p>Not recorded.</p></section>`;
  const row = (name: string, of: 'p50_ms' | 'p90_ms' | 'p99_ms') => [
    name,
    number(before?.[of], 1, 'ms'),
    number(after?.[of], 1, 'ms'),
  ];
  return html`<section><h2>Latency</h2>${table(['Quantile of all answers', 'Before', 'After'], [row('p50', 'p50_ms'), row('p90', 'p90_ms'), row('p99', 'p99_ms')])}${plot}</section>`;
}

export function energySection({ energy, roi: { currency } }: Assessment): Html {
  const { cost, change, saved, days } = energy;
  const rows = [
    ['cost of forecast errors before', cost.before === null ? 'not recorded' : about(cost.before, currency)],
    ['cost of forecast errors after', cost.after === null ? 'not recorded' : about(cost.after, currency)],
    [
      'change per station-hour',
      change === null ? 'not recorded' : `${lower(change.change.value)}, ${between(change.change)}`,
    ],
    [`saved over ${days} days`, saved === null ? 'not recorded' : range(saved, currency)],
  ];
  return html`<section><h2>Energy cost</h2><p>The energy of each hour is taken to be bought a day ahead as forecast; what is missing is bought late, and what is left over was bought in vain, each at the tariff's price.</p>${table(['What', 'Amount'], rows)}</section>`;
}

export function resourcesSection({ resources, from }: Assessment): Html {
  const { before, after, cpu_ms_per_forecast: cpu } = resources;
  if (before === null && after === null) return html`<section><h2>Resources</h2><p>Not recorded.</p></section>`;
  const gb = (bytes: Maybe) => (bytes == null ? 'not recorded' : `${(bytes / 1e6).toFixed(0)} MB`);
  const processor_time = (s: Maybe) =>
    s != null && s < 3600 ? number(s, 1, 's') : number(s == null ? s : s / 3600, 1, 'h');
  return html`<section><h2>Resources</h2>${table(
    ['What', `Before${recordedOn(before)}`, `After${recordedOn(after)}`],
    [
      ['CPU per forecast', number(cpu.before, 3, 'ms'), number(cpu.after, 3, 'ms')],
      ['CPU', processor_time(before?.cpu_s), processor_time(after?.cpu_s)],
      ['GPU', processor_time(before?.gpu_s), processor_time(after?.gpu_s)],
      ['memory over time', number(before?.memory_gb_h, 1, 'GB h'), number(after?.memory_gb_h, 1, 'GB h')],
      ['largest memory of a pod', gb(before?.memory_bytes_max), gb(after?.memory_bytes_max)],
      ['forecasts', count(before?.forecasts), count(after?.forecasts)],
    ],
  )}${from.resources === null ? '' : html`<p>${from.resources}.</p>`}</section>`;
}

function count(forecasts: Maybe): string {
  return forecasts == null ? 'not recorded' : forecasts.toLocaleString('en');
}

/** A sum over some days only says which. */
function recordedOn(usage: Usage | null): string {
  return usage === null || isWhole(usage) ? '' : `, ${usage.days} of ${usage.of_days} days`;
}

export function roiSection({ roi: { benefits, costs, currency, sentence } }: Assessment): Html {
  const row =
    (kind: string) =>
    ({ name, amount, low, high, source }: RoiLine) => [
      `${kind}: ${name}`,
      amount === null ? 'unknown' : range({ value: amount, low, high }, currency),
      source,
    ];
  return html`<section><h2>Return on investment</h2><p>${sentence}</p>${table(['What', 'Amount', 'From'], [...benefits.map(row('benefit')), ...costs.map(row('cost'))])}</section>`;
}

function range(amount: Amount, currency: string): string {
  const { value, low, high } = amount;
  const money = moneyIn(currency, amount);
  return `${money(value)}${low === null || high === null || low === high ? '' : ` (${money(low)} to ${money(high)})`}`;
}

/** A sum without an interval of its own. */
function about(value: number, currency: string): string {
  return `about ${moneyIn(currency, { value, low: null, high: null })(value)}`;
}
