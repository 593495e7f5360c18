import { join } from 'node:path';
import { Ajv } from 'ajv';
import { lazily } from '../../core/lazily.ts';
import { registryPath } from '../../core/registry.ts';
import { canonicalJson, DIGEST_PATTERN } from '../../core/release.ts';
import { folderStore } from '../registry/folder-store.ts';
import { RegistryError } from '../registry/store.ts';
import { replaceFile } from '../shared-files.ts';

export const outcomes = ['published', 'unchanged', 'refused', 'waiting', 'failed'] as const;
export type Outcome = (typeof outcomes)[number];

/** What became of the retrainings of one model: how many ended how, and the last that trained one. */
export type RetrainingRecord = {
  model: string;
  counts: Record<Outcome, number>;
  last: LastTraining | null;
};

export type LastTraining = {
  outcome: Outcome;
  /** When it ended, as ISO 8601 in UTC, and how long it took. */
  at: string;
  duration_s: number;
  /** Digest of the model that was trained, and of what it was compared with. */
  candidate: string;
  present: string;
  /** MAE over the stations' mean size of both; null where they were not compared. */
  nmae: number | null;
  nmae_present: number | null;
};

const MAX_BYTES = 64 * 1024;

export function noRecord(model: string): RetrainingRecord {
  return { model, counts: { published: 0, unchanged: 0, refused: 0, waiting: 0, failed: 0 }, last: null };
}

/** null where the model was never trained again. Throws a RegistryError where the record cannot be read. */
export async function readRecord(registry: string, model: string): Promise<RetrainingRecord | null> {
  const store = folderStore(registry);
  const name = registryPath.retraining(model);
  const bytes = await store.read(name, MAX_BYTES);
  if (bytes === null) return null;
  const value: unknown = parsed(Buffer.from(bytes).toString('utf8'));
  const isRecord = recordCheck();
  if (isRecord(value)) return value;
  throw new RegistryError(
    store.path(name),
    `is no record of retrainings (${ajv().errorsText(isRecord.errors)}); remove it`,
  );
}

/** Readers see the old one or the new one. There is one writer: a CronJob runs once at a time. */
export async function writeRecord(registry: string, record: RetrainingRecord): Promise<void> {
  await replaceFile(join(registry, registryPath.retraining(record.model)), canonicalJson(record));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The schema refuses it by its path.
    return undefined;
  }
}

const digest = { type: 'string', pattern: DIGEST_PATTERN } as const;
const figure = { type: ['number', 'null'] } as const;
const strict = (properties: Record<string, object>) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
// Our own schema is as it should be: neither it nor what it is checked against is compiled.
const ajv = lazily(() => new Ajv({ allowUnionTypes: true, meta: false, validateSchema: false }));
const recordCheck = lazily(() =>
  ajv().compile<RetrainingRecord>(
    strict({
      model: { type: 'string' },
      counts: strict(Object.fromEntries(outcomes.map((outcome) => [outcome, { type: 'integer', minimum: 0 }]))),
      last: {
        oneOf: [
          { type: 'null' },
          strict({
            ...{
              outcome: { enum: outcomes },
              at: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT' },
              duration_s: { type: 'number' },
            },
            ...{ candidate: digest, present: digest, nmae: figure, nmae_present: figure },
          }),
        ],
      },
    }),
  ),
);
