import { EVENTS, eventKinds } from '../core/business/events.ts';
import { LEADS, MAX_BATCH } from '../core/record.ts';
import { nameSchema as name, timeSchema as time } from '../core/wire-schemas.ts';

/** JSON Schemas of what comes in. Every list and text has a bound. */

export function forecastRecordSchema(digest: object) {
  return {
    type: 'object',
    required: [
      ...['release', 'pod_hash', 'arm', 'station_id', 'issue_time', 'input_digest', 'values_kw', 'purpose'],
      ...['fallback', 'latency_ms'],
    ],
    properties: {
      release: name,
      pod_hash: name,
      arm: name,
      station_id: name,
      issue_time: time,
      input_digest: digest,
      values_kw: {
        type: 'array',
        minItems: LEADS,
        maxItems: LEADS,
        items: { type: 'number', nullable: true },
      },
      purpose: { type: 'string', enum: ['pair', 'served', 'mirror'] },
      fallback: { type: 'boolean' },
      latency_ms: { type: 'number', minimum: 0 },
    },
  };
}

export const recordBatchSchema = {
  type: 'object',
  required: ['records'],
  additionalProperties: false,
  properties: {
    records: { type: 'array', maxItems: MAX_BATCH, items: forecastRecordSchema(name) },
  },
};

/** Most entries in one post: a fortnight of history goes in one. */
export const MAX_ENTRIES = 1000;
/** Most readings in one entry. */
const MAX_READINGS = 1_000_000;

export const observationsSchema = {
  type: 'object',
  required: ['entries'],
  additionalProperties: false,
  properties: {
    entries: {
      type: 'array',
      minItems: 1,
      maxItems: MAX_ENTRIES,
      items: {
        type: 'object',
        required: ['available_at', 'observations'],
        additionalProperties: false,
        properties: {
          available_at: time,
          observations: {
            type: 'array',
            maxItems: MAX_READINGS,
            items: {
              type: 'object',
              required: ['station_id', 'target_time', 'value_kw'],
              additionalProperties: false,
              properties: { station_id: name, target_time: time, value_kw: { type: 'number', nullable: true } },
            },
          },
        },
      },
    },
  },
};

export const eventsSchema = {
  type: 'object',
  required: ['events'],
  additionalProperties: false,
  properties: {
    events: {
      type: 'array',
      minItems: 1,
      maxItems: EVENTS.max_batch,
      items: {
        type: 'object',
        required: ['event_id', 'station_id', 'time', 'release', 'arm', 'kind'],
        additionalProperties: false,
        properties: {
          event_id: name,
          station_id: name,
          time: {
            type: 'string',
            maxLength: 24,
            pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,3})?Z$',
          },
          release: name,
          arm: name,
          kind: { type: 'string', enum: eventKinds },
          score: { type: 'integer', minimum: EVENTS.least_score, maximum: EVENTS.most_score },
          text: { type: 'string', maxLength: EVENTS.max_text, pattern: '^[^\\u0000]*$' },
        },
      },
    },
  },
};

/** Nobody switches without a name and a reason: both are the record of it. */
export const switchSchema = {
  type: 'object',
  required: ['off', 'who', 'why'],
  additionalProperties: false,
  properties: {
    off: { type: 'boolean' },
    who: { type: 'string', minLength: 1, maxLength: 100, pattern: '^[^\\u0000]*$' },
    why: { type: 'string', minLength: 10, maxLength: 500, pattern: '^[^\\u0000]*$' },
  },
};
