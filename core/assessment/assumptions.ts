import { Ajv2020 } from 'ajv/dist/2020.js';
import { LineCounter, parseDocument } from 'yaml';
import { InputError } from '../input-error.ts';
import { defaultJudge, type Tariff } from '../judge/settings.ts';
import { schemaFaults } from '../schema-fault.ts';
import schema from './assumptions.schema.json' with { type: 'json' };

/** Something that nobody measured, and who says it. */
export type Stated = { value: number; source: string };

/** assumptions.schema.json describes every field. */
export type Assumptions = {
  currency?: string;
  tariff?: { shortfall_per_mwh: Stated; surplus_per_mwh: Stated };
  cpu_hour?: Stated;
  gpu_hour?: Stated;
  memory_gb_hour?: Stated;
  one_off_cost?: Stated;
  other_benefits?: (Stated & { name: string })[];
  latency_tolerance_ms?: Stated;
};

const ajv = new Ajv2020({ allErrors: true, verbose: true, strict: true, strictRequired: false });
const valid = ajv.compile<Assumptions>(schema);

/** Parses the text of an assumptions file; `file` is its name in messages. */
export function parseAssumptions(text: string, file: string): Assumptions {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  if (document.errors.length > 0)
    throw new InputError(
      document.errors.map(({ pos, message }) => {
        const { line, col } = lines.linePos(pos[0]);
        return { place: `${file}:${line}:${col}`, message, fix: 'correct the YAML' };
      }),
    );
  // No aliases: what is stated is stated where it is read.
  const written: unknown = document.toJS({ maxAliasCount: 0 }) ?? {};
  if (valid(written)) return written;
  throw new InputError(schemaFaults({ document, lines, file }, valid.errors ?? []));
}

/** Prices in one currency and a tariff in another would be added up as if both were one: an InputError. */
export function checkCurrency(
  { tariff, currency }: Assumptions,
  file: string,
  plan: { tariff: Tariff; file: string },
): void {
  if (tariff !== undefined || currency === undefined || currency === plan.tariff.currency) return;
  throw new InputError([
    {
      place: `${file} currency`,
      message: `is ${currency}, and the tariff of ${plan.file} is in ${plan.tariff.currency}`,
      fix: `state a tariff in ${currency} here too, or all amounts in ${plan.tariff.currency}`,
    },
  ]);
}

/** A tariff, and who says so. */
export type Priced = { tariff: Tariff; source: string };

/** The tariff that prices the errors: the assumptions' own before the plan's. */
export function tariffOf({ tariff, currency }: Assumptions, plan: { tariff: Tariff; file: string }): Priced {
  if (tariff === undefined)
    return {
      tariff: plan.tariff,
      source: isDefault(plan.tariff)
        ? `the default tariff; ${plan.file} states no other`
        : `judge.tariff of ${plan.file}`,
    };
  const { shortfall_per_mwh, surplus_per_mwh } = tariff;
  return {
    tariff: {
      currency: currency ?? plan.tariff.currency,
      shortfall_per_mwh: shortfall_per_mwh.value,
      surplus_per_mwh: surplus_per_mwh.value,
    },
    source: `${shortfall_per_mwh.source}; ${surplus_per_mwh.source}`,
  };
}

function isDefault(tariff: Tariff): boolean {
  const { currency, shortfall_per_mwh, surplus_per_mwh } = defaultJudge.tariff;
  return (
    tariff.currency === currency &&
    tariff.shortfall_per_mwh === shortfall_per_mwh &&
    tariff.surplus_per_mwh === surplus_per_mwh
  );
}
