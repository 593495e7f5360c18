import { Ajv, type ValidateFunction } from 'ajv';
import { LEADS } from '../core/record.ts';
import { ARM_PATTERN, backendNames, DIGEST_PATTERN, MAX_ARMS, type Release } from '../core/release.ts';
import { type LinearKind, linearFiles, linearKinds } from './linear-kinds.ts';

export type SeasonalManifest = { kind: 'seasonal'; lag_h: number };

export type ScaledManifest = { kind: 'scaled'; factor: number; of: SeasonalManifest };

/** How a learned model does on the part of its telemetry that it was not trained on. nMAE: MAE over the station's mean size, averaged over stations. */
export type HeldOutMetrics = {
  from: string;
  to: string;
  nmae: number;
  nmae_control: number;
  /** 1 - nmae / nmae_control. */
  gain: number;
  /** Mean over stations of the model's MAE over control's. */
  mae_ratio: number;
  stations: number;
  stations_worse: number;
};

/** Shares of 1 by what a forecast is made from (importance.ts); all 0 where nothing makes a difference. */
export type Importance = Record<string, number>;

/** What a learned model was trained on: the first part of a telemetry set. */
export type TrainingData = { name: string; digest: string; stations: number; from: string; to: string };

export type FallbackManifest = { kind: 'fallback' };

/** Models that are fitted in closed form and by living through the training part (predictors/trained.ts): nothing is drawn, so no seed. */
export type LinearManifest = {
  kind: LinearKind;
  files: Record<string, { sha256: string; bytes: number }>;
  linear_version: number;
  data: TrainingData;
  metrics: HeldOutMetrics;
  /** Not of models that were trained before it was measured. */
  importance?: Importance;
  code: string;
  versions: Record<string, string>;
};

export type DenseManifest = {
  kind: 'dense';
  files: { 'weights.bin': { sha256: string; bytes: number } };
  features_version: number;
  hidden: number[];
  /** Half the width of the interval by lead, in units of the station's scale. */
  margins: number[];
  seed: number;
  steps: number;
  data: TrainingData;
  metrics: HeldOutMetrics;
  importance?: Importance;
  code: string;
  versions: Record<string, string>;
};

/** How much an edge model loses against the model that it was made of, on the part of the telemetry that neither was trained on. */
export type EdgeLoss = {
  from: string;
  to: string;
  nmae: number;
  nmae_of_source: number;
  /** Mean and largest over stations of the edge model's MAE over its source's. */
  mae_ratio: number;
  mae_ratio_max: number;
  stations: number;
};

export type EdgeManifest = {
  kind: 'edge';
  files: { 'model.tflite': { sha256: string; bytes: number } };
  features_version: number;
  /** Digest of the dense model that it was made of, whose margins it has. */
  of: string;
  margins: number[];
  quantisation: { weights: string; activations: string; bias: string };
  /** What the ranges of activations were measured on: windows of the first part of a telemetry set. */
  calibration: { name: string; digest: string; from: string; to: string; windows: number };
  loss: EdgeLoss;
  versions: Record<string, string>;
};

/** `manifest.json` of a model: all that is needed to load it and to know where it came from. No time stamps: the same training gives the same bytes. */
export type Manifest =
  | SeasonalManifest
  | ScaledManifest
  | FallbackManifest
  | LinearManifest
  | DenseManifest
  | EdgeManifest;

const text = { type: 'string' } as const;
const number = { type: 'number' } as const;
const count = { type: 'integer', minimum: 0 } as const;
const digest = { type: 'string', pattern: DIGEST_PATTERN } as const;

function strict(properties: Record<string, unknown>) {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

/** The same, with what may be missing. */
function maybe(schema: ReturnType<typeof strict>, properties: Record<string, unknown>) {
  return { ...schema, properties: { ...schema.properties, ...properties } };
}

const seasonal = strict({ kind: { const: 'seasonal' }, lag_h: { type: 'integer', minimum: 24, maximum: 336 } });
const heldOut = {
  from: text,
  to: text,
  nmae: number,
  nmae_control: number,
  gain: number,
  mae_ratio: number,
  stations: count,
  stations_worse: count,
};
const data = strict({ name: text, digest, stations: count, from: text, to: text });
const importance = { type: 'object', additionalProperties: { type: 'number', minimum: 0, maximum: 1 } } as const;
const file = strict({ sha256: digest, bytes: count });
const versions = { type: 'object', additionalProperties: text };
const margins = { type: 'array', items: { type: 'number', minimum: 0 }, minItems: LEADS, maxItems: LEADS };
const linear = maybe(
  strict({
    kind: text,
    files: { type: 'object', propertyNames: { enum: linearFiles }, additionalProperties: file },
    linear_version: count,
    ...{ data, metrics: strict(heldOut), code: digest, versions },
  }),
  { importance },
);
const schemas: Readonly<Record<string, object>> = {
  seasonal,
  scaled: strict({ kind: text, factor: { type: 'number', exclusiveMinimum: 0 }, of: seasonal }),
  dense: maybe(
    strict({
      kind: text,
      files: strict({ 'weights.bin': file }),
      features_version: count,
      hidden: { type: 'array', items: count },
      margins,
      seed: count,
      steps: count,
      ...{ data, metrics: strict(heldOut), code: digest, versions },
    }),
    { importance },
  ),
  edge: strict({
    kind: text,
    files: strict({ 'model.tflite': file }),
    features_version: count,
    of: digest,
    margins,
    quantisation: strict({ weights: text, activations: text, bias: text }),
    calibration: strict({ name: text, digest, from: text, to: text, windows: count }),
    loss: strict({
      from: text,
      to: text,
      nmae: number,
      nmae_of_source: number,
      mae_ratio: number,
      mae_ratio_max: number,
      stations: count,
    }),
    versions,
  }),
  ...Object.fromEntries(linearKinds.map((kind) => [kind, linear])),
  fallback: strict({ kind: text }),
};
const arms = {
  type: 'object',
  minProperties: 1,
  maxProperties: MAX_ARMS,
  propertyNames: { pattern: ARM_PATTERN },
  additionalProperties: digest,
};
const backends = { type: 'array', minItems: 1, uniqueItems: true, items: { enum: backendNames } };
const server = { type: 'object', properties: { backends }, additionalProperties: false };
const plainRelease = strict({ image: text, model: digest, flags: { type: 'object' }, server });
const release = { ...plainRelease, properties: { ...plainRelease.properties, arms } };

/** Compiled at its first use, and without the schema of schemas: both would be a third of the time in which a server starts. */
const ajv = new Ajv({ meta: false, validateSchema: false });

export function parseManifest(path: string, bytes: Uint8Array): Manifest {
  const value = json(bytes);
  const kind = kindOf(value);
  const schema = Object.hasOwn(schemas, kind) ? schemas[kind] : undefined;
  if (schema === undefined)
    throw fault(path, `it/kind must be one of ${Object.keys(schemas).join(', ')}, not ${JSON.stringify(kind)}`);
  return checked(path, value, ajv.compile<Manifest>(schema));
}

export function parseRelease(path: string, bytes: Uint8Array): Release {
  return checked(path, json(bytes), ajv.compile<Release>(release));
}

function json(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes).toString('utf8'));
}

function kindOf(value: unknown): string {
  return typeof value === 'object' && value !== null && 'kind' in value ? String(value.kind) : '';
}

function checked<T>(path: string, value: unknown, valid: ValidateFunction<T>): T {
  if (!valid(value)) throw fault(path, faultsOf(valid));
  return value;
}

function fault(path: string, what: string): TypeError {
  return new TypeError(`${path}: ${what}; was it written by another version of gridramp?`);
}

function faultsOf({ errors }: ValidateFunction): string {
  const faults = (errors ?? []).map((error) => {
    const { allowedValues }: { allowedValues?: unknown[] } = error.params;
    return ajv.errorsText([error], { dataVar: 'it' }) + (allowedValues ? ` (${allowedValues.join(', ')})` : '');
  });
  return faults.join(', ');
}
