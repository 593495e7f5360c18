import { LEADS, MAX_BATCH } from '../core/record.ts';
import { ARM_PATTERN, DIGEST_PATTERN } from '../core/release.ts';
import { HISTORY_HOURS, MOST_KW } from '../core/telemetry.ts';

/** JSON Schemas of the forecast route: requests are checked by them, and the OpenAPI document is made of them. */

const hour = {
  type: 'string',
  format: 'date-time',
  maxLength: 40,
  description: 'A full hour in UTC, like 2016-08-07T05:00:00Z',
  examples: ['2016-08-07T05:00:00Z'],
};
const reading = { type: ['number', 'null'], minimum: -MOST_KW, maximum: MOST_KW };

export const forecastRequest = {
  type: 'object',
  required: ['issue_time', 'station_ids'],
  additionalProperties: false,
  properties: {
    issue_time: hour,
    station_ids: {
      type: 'array',
      minItems: 1,
      maxItems: MAX_BATCH,
      items: { type: 'string', minLength: 1, maxLength: 200 },
    },
    arm: { type: 'string', maxLength: 63, description: "An arm of the release; absent: each station's own" },
    intervals: { type: 'boolean', description: 'Whether records have low_kw and high_kw, which hold 90 % of readings' },
    history_kw: {
      type: 'array',
      minItems: 1,
      maxItems: MAX_BATCH,
      items: { type: 'array', minItems: 1, maxItems: HISTORY_HOURS, items: reading },
      description: `For each station, hourly readings in kW, oldest first, the last one of the issue hour; null is missing, as is what is absent before them. Absent: the server's own, from the observation log`,
    },
  },
} as const;

/** What is left to check when `history_kw` has been read from the bytes (forecast-body.ts). */
export const parsedForecastRequest = {
  ...forecastRequest,
  properties: { ...forecastRequest.properties, issue_time: { type: 'string', maxLength: 40 }, history_kw: {} },
};

export const observationsRequest = {
  type: 'object',
  required: ['entries'],
  properties: {
    entries: {
      type: 'array',
      minItems: 1,
      maxItems: 1000,
      items: {
        type: 'object',
        required: ['available_at', 'observations'],
        properties: {
          available_at: hour,
          observations: {
            type: 'array',
            items: {
              type: 'object',
              required: ['station_id', 'target_time', 'value_kw'],
              properties: { station_id: { type: 'string' }, target_time: hour, value_kw: reading },
            },
          },
        },
      },
    },
  },
} as const;

const leads = { type: 'array', minItems: LEADS, maxItems: LEADS, items: { type: ['number', 'null'] } } as const;

const record = {
  type: 'object',
  required: [
    ...['release', 'pod_hash', 'arm', 'station_id', 'issue_time', 'values_kw', 'fallback', 'purpose', 'latency_ms'],
  ],
  properties: {
    release: { type: 'string', description: 'Digest of the release' },
    pod_hash: { type: 'string' },
    arm: { type: 'string', pattern: ARM_PATTERN },
    station_id: { type: 'string' },
    issue_time: hour,
    input_digest: {
      type: 'string',
      pattern: DIGEST_PATTERN,
      description: 'Of the history that the forecast was made from; absent where the caller sent it',
    },
    values_kw: { ...leads, description: 'Value k is of the hour that ends k hours after issue_time, from 1 on' },
    low_kw: leads,
    high_kw: leads,
    fallback: { type: 'boolean', description: "Whether another predictor than the release's own answered" },
    purpose: { enum: ['pair', 'served', 'mirror'] },
    latency_ms: { type: 'number', minimum: 0 },
  },
} as const;

export const forecastResponse = {
  type: 'object',
  required: ['records'],
  properties: { records: { type: 'array', items: record, description: 'In the order of station_ids' } },
} as const;
