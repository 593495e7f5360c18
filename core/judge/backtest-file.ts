import { Ajv } from 'ajv';
import { InputError } from '../input-error.ts';
import { lazily } from '../lazily.ts';
import type { Backtest } from './backtest.ts';
import { labelFreeAlarms } from './consistency-windows.ts';

const number = { type: 'number' };
const sides = {
  type: 'object',
  required: ['candidate', 'stable'],
  properties: { candidate: number, stable: number },
};
const theta = {
  type: 'object',
  required: ['look', 'guard'],
  properties: {
    look: {
      type: 'object',
      nullable: true,
      required: ['mean', 'margin'],
      properties: { mean: number, margin: number },
    },
    guard: {
      type: 'object',
      nullable: true,
      required: ['sigma0_sq', 'kappa'],
      properties: { sigma0_sq: { type: 'number', minimum: 0 }, kappa: { type: 'number', minimum: 0 } },
    },
  },
};
const spread = { sd: { type: 'number', exclusiveMinimum: 0 }, largest: number };
const hours = { type: 'array', items: number, minItems: 24, maxItems: 24 };
const consistency = {
  ...all({
    label_free: {
      ...all({
        level: all({ bias: hours, log_distance: hours }),
        size: number,
        ...Object.fromEntries(labelFreeAlarms.map((alarm) => [alarm, all(spread)])),
      }),
      nullable: true,
    },
    loss_ratio: all({ ...spread, mean: number }),
    drift: all({
      ...{ median: number, scale: { type: 'number', exclusiveMinimum: 0 }, mean: number },
      ...{ variance: { type: 'number', exclusiveMinimum: 0 }, days: { type: 'integer', minimum: 1 }, quantile: number },
    }),
  }),
  nullable: true,
};
const names = { type: 'array', items: { type: 'string' } };

function all(properties: Record<string, unknown>) {
  return { type: 'object', required: Object.keys(properties), properties };
}

const schema = {
  type: 'object',
  required: [
    ...[
      'schema',
      'candidate_release',
      'stable_release',
      'days',
      'from',
      'to',
      'verdict',
      'sentence',
      'theta',
      'scale_kw',
    ],
    'consistency',
    ...['stations_left_out', 'days_left_out', 'mae_kw', 'rmse_scaled', 'tries', 'accepted_loss'],
  ],
  properties: {
    schema: { const: 1 },
    candidate_release: { type: 'string' },
    stable_release: { type: 'string' },
    days: { type: 'integer', minimum: 0 },
    from: { type: 'string' },
    to: { type: 'string' },
    verdict: { enum: ['abort', 'win', 'safe', 'continue', 'none'] },
    sentence: { type: 'string' },
    theta: {
      type: 'object',
      required: ['abort', 'safe', 'win'],
      properties: { abort: theta, safe: theta, win: theta },
    },
    consistency,
    scale_kw: { type: 'object', additionalProperties: { type: 'number', exclusiveMinimum: 0 } },
    stations_left_out: names,
    days_left_out: { type: 'integer', minimum: 0 },
    mae_kw: sides,
    rmse_scaled: sides,
    tries: { type: 'integer', minimum: 1 },
    // Not in files of before looks and arms were kept.
    looks: {
      type: 'array',
      maxItems: 2,
      items: all({ from: { type: 'string' }, to: { type: 'string' }, days: { type: 'integer' }, seed: number }),
      default: [],
    },
    arm: { type: 'string', nullable: true, default: null },
    accepted_loss: { type: 'string', nullable: true },
  },
};

const validator = lazily(() =>
  new Ajv({ allErrors: true, strictTypes: false, useDefaults: true }).compile<Backtest>(schema),
);

/** The text of `backtests/<hex>.json`; `place` names it in the error. */
export function parseBacktest(text: string, place: string): Backtest {
  const valid = validator();
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    const fix = 'write it again by running the backtest';
    throw new InputError([{ place, message: `not JSON (${String(cause)})`, fix }], { cause });
  }
  if (valid(parsed)) return parsed;
  throw new InputError(
    (valid.errors ?? []).map(({ instancePath, message }) => ({
      place: `${place}${instancePath}`,
      message: message ?? 'invalid',
      fix: 'write it again by running the backtest',
    })),
  );
}
