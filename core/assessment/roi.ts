import type { Assumptions, Stated } from './assumptions.ts';
import type { EnergyReport } from './energy.ts';
import type { ResourceReport } from './resources.ts';
import { moneyIn } from './words.ts';

/** One amount of the calculation; null: unknown, with why. */
export type RoiLine = { name: string; amount: number | null; low: number | null; high: number | null; source: string };

export type RoiReport = {
  currency: string;
  benefits: RoiLine[];
  costs: RoiLine[];
  /** (benefits - costs) / costs over the after window; null: a line is unknown, or less than a cent was spent. */
  roi: { value: number; low: number | null; high: number | null } | null;
  sentence: string;
};

export type RoiInput = {
  assumptions: Assumptions;
  currency: string;
  energy: EnergyReport;
  resources: ResourceReport;
  after_days: number;
};

/** A cent. A return on less is a number that only divides by almost nothing. */
const LEAST_SPENT = 0.01;

/** What the change was worth over the after window, of what was measured and what someone states; nothing is filled in. */
export function roiReport({ assumptions, currency, energy, resources, after_days }: RoiInput): RoiReport {
  const benefits = [energyLine(energy), ...(assumptions.other_benefits ?? []).map(benefitLine)];
  const { extra } = resources;
  const costs = [
    resourceLine('extra CPU', extra.cpu_h, assumptions.cpu_hour, 'CPU hours'),
    resourceLine('extra memory', extra.memory_gb_h, assumptions.memory_gb_hour, 'GB hours'),
    ...(extra.gpu_h === null && assumptions.gpu_hour === undefined
      ? []
      : [resourceLine('extra GPU', extra.gpu_h, assumptions.gpu_hour, 'GPU hours')]),
    statedLine('one-off cost', assumptions.one_off_cost),
  ];
  const unknown = [...benefits, ...costs].filter(({ amount }) => amount === null);
  const spent = total(costs, 'amount');
  const roi = unknown.length > 0 || spent < LEAST_SPENT ? null : ratio(benefits, spent);
  return { currency, benefits, costs, roi, sentence: sentence({ roi, unknown, spent, currency, after_days }) };
}

function energyLine(energy: EnergyReport): RoiLine {
  const name = 'energy cost saved';
  if (energy.saved === null)
    return { name, amount: null, low: null, high: null, source: 'no energy cost was recorded in both windows' };
  const { value, low, high } = energy.saved;
  return { name, amount: value, low, high, source: `measured on ${energy.days} days, priced by the tariff` };
}

function benefitLine({ name, value, source }: Stated & { name: string }): RoiLine {
  return { name, amount: value, low: value, high: value, source };
}

function statedLine(name: string, stated: Stated | undefined): RoiLine {
  if (stated === undefined) return { name, amount: null, low: null, high: null, source: 'nobody states it' };
  return { name, amount: stated.value, low: stated.value, high: stated.value, source: stated.source };
}

function resourceLine(name: string, quantity: number | null, price: Stated | undefined, unit: string): RoiLine {
  const reasons = [
    ...(quantity === null ? [`${unit} were not recorded on every day of both windows`] : []),
    ...(price === undefined ? [`nobody states the price of ${unit}`] : []),
  ];
  if (quantity === null || price === undefined)
    return { name, amount: null, low: null, high: null, source: reasons.join('; ') };
  const cost = quantity * price.value;
  const source = `${quantity.toFixed(1)} ${unit} more, at ${price.value} (${price.source})`;
  return { name, amount: cost, low: cost, high: cost, source };
}

function total(lines: readonly RoiLine[], of: 'amount' | 'low' | 'high'): number {
  return lines.reduce((sum, line) => sum + (line[of] ?? Number.NaN), 0);
}

function ratio(benefits: readonly RoiLine[], spent: number): RoiReport['roi'] {
  const of = (benefit: number) => (Number.isNaN(benefit) ? null : (benefit - spent) / spent);
  return {
    value: (total(benefits, 'amount') - spent) / spent,
    low: of(total(benefits, 'low')),
    high: of(total(benefits, 'high')),
  };
}

type Told = {
  roi: RoiReport['roi'];
  unknown: readonly RoiLine[];
  spent: number;
  currency: string;
  after_days: number;
};

function sentence({ roi, unknown, spent, currency, after_days }: Told): string {
  if (unknown.length > 0)
    return `The return cannot be calculated: ${unknown.map(({ name, source }) => `${name} (${source})`).join(', ')}.`;
  if (spent > 0 && roi === null)
    return `Less than ${LEAST_SPENT} ${currency} more was spent: a return on so little cannot be stated.`;
  const money = moneyIn(currency, { value: spent, low: spent, high: spent })(spent);
  if (roi === null) return `Nothing more was spent (${money}), so a return on it has no meaning.`;
  const percent = (value: number | null) => (value === null ? 'unknown' : `${(100 * value).toFixed(0)} %`);
  return `Over ${after_days} days the return was ${percent(roi.value)} of ${money} spent (${percent(roi.low)} to ${percent(roi.high)}, by the interval of the energy cost).`;
}
