import { parseArgs } from 'node:util';
import { DAY_MS, type Range } from '../../core/assessment/days.ts';
import { type Fault, InputError } from '../../core/input-error.ts';
import { isDigest } from '../../core/release.ts';
import { PORT } from '../../core/workload.ts';

export type AssessOptions = {
  /** Null: three months on each side of the end of training. */
  before: Range | null;
  after: Range | null;
  /** Where recorded facts are: files, or a scorer's address; none: they are made from telemetry. */
  facts: string[];
  scorer: string | null;
  /** Where CPU, memory and failed calls of recorded days are. */
  prometheus: string | null;
  telemetry: string | null;
  stable: string | null;
  candidate: string | null;
  registry: string;
  assumptions: string | null;
  plan: string;
  out: string;
  json: boolean;
};

export const usage = `npm run assess -- [--before FROM..TO --after FROM..TO] [options]

Compares the service before and after a release: accuracy, latency, energy cost, resources, return, feedback. Says what cannot be concluded,
and drafts the lessons learned and the next plan. Writes assessment.html, assessment.json, next-plan.yaml and facts.jsonl.gz.

  --before FROM..TO   whole UTC days, both included, like 2026-01-01..2026-03-31
  --after FROM..TO    the same, later
 from recorded days (core/assessment/day-fact.schema.json):
  --facts FILE        .jsonl or .jsonl.gz; may be given several times
  --scorer URL        ask a scorer for the days it recorded
  --prometheus URL    with either: adds the CPU, memory and failed calls of the pods that served, where metrics go back so far
 or, without those, from telemetry, as if the stable release had served before and the candidate after:
  --telemetry DIR     see telemetry/README.md (default: the embedded set; three months on each side of the end of training)
  --stable DIGEST     of a release or model in the registry (default: the existing forecast, seasonal 24 h)
  --candidate DIGEST  the same (default: the learned model, trained on the first 60 % of the set)
  --registry DIR      default out/registry

  --assumptions FILE  YAML: prices, costs and benefits that nobody can measure, each with its source (core/assessment/assumptions.schema.json)
  --plan FILE         the plan that was carried out: its tariff, and what the next plan is drafted from (default rollouts/forecast.yaml)
  --out DIR           default out/assess
  --json              print the assessment as JSON on standard output
  --help

Exit codes: 0 every success criterion is met, 3 one is not, 4 it cannot be concluded (a missing answer never passes), 2 wrong usage or
invalid input, 1 anything else.`;

/** Parses the command line; every fault at once as an InputError. Null asks for the help. */
export function parseOptions(args: string[]): AssessOptions | null {
  const values = parsed(args);
  if (values.help) return null;
  const faults: Fault[] = [];
  const [before, after] = (['before', 'after'] as const).map((name) => rangeOf(`--${name}`, values[name], faults));
  if (before && after && before.to >= after.from)
    faults.push({
      place: '--after',
      message: `begins on ${after.from}, and --before ends on ${before.to}`,
      fix: 'give windows that do not overlap, the earlier one as --before',
    });
  const recorded = values.facts.length > 0 || values.scorer !== undefined;
  if (recorded || before || after)
    for (const [name, range] of Object.entries({ before, after }))
      if (range === null && values[name === 'before' ? 'before' : 'after'] === undefined)
        faults.push({ place: `--${name}`, message: 'is missing', fix: 'give two days like 2026-01-01..2026-03-31' });
  for (const name of ['telemetry', 'stable', 'candidate'] as const)
    if (recorded && values[name] !== undefined)
      faults.push({
        place: `--${name}`,
        message: 'makes facts, and --facts or --scorer brings them',
        fix: 'leave one of the two out',
      });
  for (const name of ['stable', 'candidate'] as const)
    if (values[name] !== undefined && !isDigest(values[name]))
      faults.push({
        place: `--${name}`,
        message: `"${values[name]}" is no digest`,
        fix: 'give one like sha256:<64 hex digits>',
      });
  faults.push(...addressFaults(values));
  if (faults.length > 0) throw new InputError(faults);
  const { facts, registry, plan, out, json } = values;
  return {
    ...{ before: before ?? null, after: after ?? null, facts, registry, plan, out, json },
    scorer: values.scorer?.replace(/\/+$/, '') ?? null,
    prometheus: values.prometheus?.replace(/\/+$/, '') ?? null,
    telemetry: values.telemetry ?? null,
    stable: values.stable ?? null,
    candidate: values.candidate ?? null,
    assumptions: values.assumptions ?? null,
  };
}

function addressFaults(values: ReturnType<typeof parsed>): Fault[] {
  const faults: Fault[] = [];
  for (const name of ['scorer', 'prometheus'] as const) {
    const address = values[name];
    if (address !== undefined && !/^https?:$/.test(URL.parse(address)?.protocol ?? ''))
      faults.push({
        place: `--${name}`,
        message: `"${address}" is not an http URL`,
        fix: `give one like http://127.0.0.1:${name === 'scorer' ? PORT : 9090}`,
      });
  }
  if (values.scorer !== undefined && values.facts.length > 0)
    faults.push({
      place: '--scorer',
      message: `asks for the days that --facts ${values.facts.join(' ')} brings`,
      fix: 'leave one of the two out: a day that both have would count twice',
    });
  if (values.prometheus !== undefined && values.scorer === undefined && values.facts.length === 0)
    faults.push({
      place: '--prometheus',
      message: 'adds to recorded days, and telemetry records no pods',
      fix: 'give --facts or --scorer, or leave it out',
    });
  return faults;
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        before: { type: 'string' },
        after: { type: 'string' },
        facts: { type: 'string', multiple: true, default: [] },
        scorer: { type: 'string' },
        prometheus: { type: 'string' },
        telemetry: { type: 'string' },
        stable: { type: 'string' },
        candidate: { type: 'string' },
        registry: { type: 'string', default: 'out/registry' },
        assumptions: { type: 'string' },
        plan: { type: 'string', default: 'rollouts/forecast.yaml' },
        out: { type: 'string', default: 'out/assess' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new InputError([{ place: 'command line', message, fix: 'see npm run assess -- --help' }], { cause });
  }
}

/** Most days of a window: what a scorer keeps. */
const MOST_DAYS = 400;

function rangeOf(place: string, text: string | undefined, faults: Fault[]): Range | null {
  if (text === undefined) return null;
  const [, from = '', to = ''] = /^(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$/.exec(text) ?? [];
  const fix = 'give two days like 2026-01-01..2026-03-31, the earlier first';
  const isDay = (day: string) =>
    day !== '' &&
    !Number.isNaN(Date.parse(`${day}T00:00:00Z`)) &&
    new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  if (isDay(from) && isDay(to) && days >= 1 && days <= MOST_DAYS) return { from, to };
  const why = days > MOST_DAYS ? `has ${days} days, more than ${MOST_DAYS}` : 'is not a range of days';
  faults.push({ place, message: `"${text}" ${why}`, fix });
  return null;
}
