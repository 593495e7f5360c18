import { STATION_HEADER } from '../core/record.ts';
import { forecastRequest, forecastResponse, observationsRequest } from './schemas.ts';

const JSON_TYPE = 'application/json';

const problem = {
  type: 'object',
  description: 'RFC 9457',
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    type: {
      type: 'string',
      description: 'urn:gridramp: and what a caller may act on',
      examples: ['urn:gridramp:overloaded'],
    },
    title: { type: 'string' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    trace_id: { type: 'string', description: "By which the server's log speaks of the request" },
    detail: { type: 'string', description: 'Which field is wrong, its value, and what to do' },
    field: { type: 'string', description: 'The field of the request that is wrong', examples: ['history_kw[0][17]'] },
  },
};

const card = {
  type: 'object',
  required: ['release', 'arm', 'model', 'kind', 'models', 'licence', 'limits', 'node'],
  properties: {
    release: { type: 'string' },
    arm: { type: 'string', description: 'The default arm' },
    model: { type: 'string', description: "Digest of the default arm's model" },
    kind: { type: 'string' },
    models: {
      type: 'object',
      description: "Each arm's digest and manifest: data window, metrics, code and library versions",
      additionalProperties: {
        type: 'object',
        required: ['digest', 'manifest'],
        properties: { digest: { type: 'string' }, manifest: { type: 'object', required: ['kind'] } },
      },
    },
    licence: { type: 'string' },
    limits: { type: 'object', additionalProperties: { type: 'integer' } },
    node: { type: 'string' },
  },
};

const readiness = {
  type: 'object',
  required: ['ready', 'draining', 'model', 'backend', 'log'],
  properties: {
    ready: { type: 'boolean' },
    draining: { type: 'boolean' },
    model: { type: 'string' },
    backend: {
      type: ['object', 'null'],
      description:
        'Who answers, who should, and what is wrong with each that does not; by arm, where the release has several. Null while the model is loaded',
    },
    log: {
      type: ['object', 'null'],
      description: 'How far the observation log was followed; null: the server stands alone',
    },
  },
};

const answer = (description: string, schema: object, type = JSON_TYPE) => ({
  description,
  content: { [type]: { schema } },
});
const refusals = (reasons: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(reasons).map(([status, why]) => [
      status,
      answer(why, { $ref: '#/components/schemas/Problem' }, 'application/problem+json'),
    ]),
  );
const got = (id: string, summary: string, responses: object) => ({ get: { operationId: id, summary, responses } });
const posted = (id: string, summary: string, body: object, rest: object) => ({
  post: {
    operationId: id,
    summary,
    requestBody: { required: true, content: { [JSON_TYPE]: { schema: body } } },
    ...rest,
  },
});

/** The model server's API as an OpenAPI 3.1 document; openapi.yaml is its committed copy. */
export function openApi() {
  return {
    openapi: '3.1.0',
    info: {
      title: 'gridramp model server',
      version: '1.0.0',
      description: 'Forecasts of the next 24 hours of energy stations. docs/server.md explains it.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths: {
      '/v1/forecast': posted('forecast', 'Forecasts for one station or for many', forecastRequest, {
        parameters: [
          header(STATION_HEADER, 'The one station of a routed call'),
          header('x-gridramp-purpose', 'pair: the scorer asks; absent: served', ['pair', 'served', 'mirror']),
          header('traceparent', 'W3C trace context; its trace id stands in the logs'),
        ],
        responses: {
          200: answer('Forecasts', { $ref: '#/components/schemas/Forecasts' }),
          ...refusals({
            400: 'A field is wrong, or the body is no JSON',
            404: 'A station is unknown',
            408: 'The request came too slowly',
            413: 'The body is too large',
            415: 'The body is not JSON',
            422: 'The issue time is older than the history',
            429: 'Too much is under way; Retry-After says when to come again',
            503: 'Not ready, or the observation log has not reached the issue time',
          }),
        },
      }),
      '/v1/observations': posted('observe', "Readings, handed on to the scorer's log", observationsRequest, {
        responses: {
          200: answer("The log's answer", { type: 'object' }),
          ...refusals({
            400: 'The log refuses the readings',
            409: 'The server stands alone, or the log is further',
            413: 'The body is too large',
            429: 'Too much is under way',
            503: 'The log cannot be reached',
          }),
        },
      }),
      '/v1/model': got('model', 'Model card', {
        200: answer('The card', { $ref: '#/components/schemas/ModelCard' }),
        ...refusals({ 503: 'The model is not loaded yet' }),
      }),
      '/livez': got('live', 'Whether the process runs', { 200: answer('It does', { type: 'object' }) }),
      '/readyz': got('ready', 'Whether it should be sent requests', {
        200: answer('It should', { $ref: '#/components/schemas/Readiness' }),
        503: answer('Not yet, or no more', { $ref: '#/components/schemas/Readiness' }),
      }),
      '/metrics': got('metrics', 'Prometheus metrics', { 200: answer('Metrics', { type: 'string' }, 'text/plain') }),
      '/openapi.json': got('openapi', 'This document', { 200: answer('OpenAPI 3.1', { type: 'object' }) }),
    },
    components: {
      schemas: { Forecasts: forecastResponse, Problem: problem, ModelCard: card, Readiness: readiness },
    },
  };
}

function header(name: string, description: string, values?: string[]) {
  return { name, in: 'header', description, schema: { type: 'string', ...(values && { enum: values }) } };
}
