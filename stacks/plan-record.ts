import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ConfigMap } from '../core/compile/config-map.ts';
import { metadataOf } from '../core/compile/metadata.ts';
import type { Target } from '../core/compile/target.ts';
import { InputError } from '../core/input-error.ts';
import { parseJson } from '../core/json-text.ts';
import { type Plan, parsePlan } from '../core/plan.ts';
import { canonicalJson, DIGEST_PATTERN } from '../core/release.ts';
import type { Scoring } from './scoring.ts';

/** What was applied: `npm run plan -- --against live` compares with it. */
export type Applied = { plan: Plan; target: Target; scoring: Scoring };

const keys = { plan: 'plan.yaml', compiled_for: 'compiled-for.json', aborted: 'aborted.json' } as const;

/** What mends a record that somebody broke. */
const APPLY = 'apply the stack once';

/** Aborted releases that a record keeps, the latest ones: years of them. */
const MOST_REMEMBERED = 100;

export function planRecordName({ service }: Pick<Plan, 'service'>): string {
  return `${service}-plan`;
}

/**
 * The plan as it is written, and what it was compiled for, kept beside what it was compiled to. `aborted`: digests of the releases that the
 * cluster took back up to now, the earliest first; the Rollout itself forgets them with its next release.
 */
export function planRecord(
  plan: Plan,
  plan_text: string,
  { target, scoring }: Omit<Applied, 'plan'>,
  aborted: readonly string[],
): ConfigMap {
  const remembered = aborted.slice(-MOST_REMEMBERED);
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadataOf(plan, target, planRecordName(plan)),
    data: {
      [keys.plan]: plan_text,
      [keys.compiled_for]: `${canonicalJson({ target, scoring })}\n`,
      ...(remembered.length === 0 ? {} : { [keys.aborted]: `${JSON.stringify(remembered, null, 2)}\n` }),
    },
  };
}

const text = { type: 'string' } as const;
const number = { type: 'number' } as const;
const list = { type: 'array', items: text } as const;
const strict = (properties: Record<string, object>) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
const isCompiledFor = new Ajv2020({ allErrors: true }).compile<Omit<Applied, 'plan'>>(
  strict({
    target: strict({
      ...{ namespace: text, image: text, release: text, arm: text, prometheus_url: text, scorer_url: text },
      backtested: { type: 'boolean' },
      registry: { type: 'object' },
      states: { type: 'object' },
      stations: strict({ pinned: list, kept_out: list }),
      time: strict({
        phases: { enum: ['production', 'rehearsal'] },
        ...{ seconds_per_hour: number, interval_s: number, feed_slack: number, window_s: number },
        ...{ progress_deadline_s: number, scale_down_s: number },
      }),
    }),
    scoring: strict({
      ...{ scorer_image: text, recomputer_image: text, stable_url: text, canary_url: text, recompute_url: text },
      data: { type: 'object' },
      database: { enum: ['sqlite', 'postgresql'] },
    }),
  }),
);

/** Reads what `planRecord` wrote; `place` is its name in messages. Throws an InputError with every fault in it. */
export function parsePlanRecord(data: Record<string, string>, place: string): Applied {
  const plan = parsePlan(data[keys.plan] ?? '', `${place}/${keys.plan}`);
  const compiled_for = parseJson(data[keys.compiled_for] ?? '', `${place}/${keys.compiled_for}`, APPLY);
  if (isCompiledFor(compiled_for)) return { plan, ...compiled_for };
  const errors = isCompiledFor.errors ?? [];
  throw new InputError(
    errors.map(({ instancePath, message = 'is not valid' }) => ({
      place: `${place}/${keys.compiled_for} ${instancePath || '/'}`,
      message,
      fix: 'it was written by another version: compare with the commit that was applied, --against REF',
    })),
  );
}

const isAborted = new Ajv2020({ allErrors: true }).compile<string[]>({
  type: 'array',
  maxItems: MOST_REMEMBERED,
  items: { type: 'string', pattern: DIGEST_PATTERN },
});

/** Releases that a record remembers as aborted; none where it remembers nothing. Throws an InputError where it cannot be read. */
export function parseAborted(data: Record<string, string>, place: string): string[] {
  const written = data[keys.aborted];
  if (written === undefined) return [];
  const aborted = parseJson(written, `${place}/${keys.aborted}`, APPLY);
  if (isAborted(aborted)) return aborted;
  throw new InputError([
    {
      place: `${place}/${keys.aborted}`,
      message: `is no list of at most ${MOST_REMEMBERED} digests`,
      fix: 'write it as JSON, as ["sha256:<64 hex digits>"], or remove the key',
    },
  ]);
}
