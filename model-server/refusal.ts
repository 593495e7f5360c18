import type { FastifyError } from 'fastify';
import type { FastifySchemaValidationError } from 'fastify/types/schema.js';
import { Problem } from './problem.ts';

const MAX_SHOWN = 60;

/** The problem that a failed request is answered with. */
export function problemOf(error: Error | FastifyError): Problem {
  if (error instanceof Problem) return error;
  const status = 'statusCode' in error ? (error.statusCode ?? 500) : 500;
  if (status >= 500) return new Problem(status, 'internal', 'the server failed; its log says why');
  const [fault] = ('validation' in error && error.validation) || [];
  if (fault !== undefined) return invalid(fault);
  if (status === 413) return new Problem(413, 'too-large', `${error.message}; ask for fewer stations in one call`);
  if (status === 415) return new Problem(415, 'unsupported-media-type', `${error.message}; send application/json`);
  return new Problem(status, 'invalid-request', error.message);
}

/** The first thing that is wrong: which field, its value, and what to do. */
function invalid(fault: FastifySchemaValidationError): Problem {
  const { keyword, instancePath, params, message } = fault;
  const place = fieldOf(instancePath);
  const { data } = fault as { data?: unknown };
  const say = (field: string, what: string) =>
    new Problem(400, 'invalid-request', field === '' ? what : `${field}: ${what}`, field || undefined);
  if (keyword === 'required') return say(inner(place, params.missingProperty), 'it is missing; add it');
  if (keyword === 'additionalProperties')
    return say(inner(place, params.additionalProperty), 'there is no such field; remove it');
  return say(place, `${shown(data)} ${message}; correct it`);
}

/** `/station_ids/3` as `station_ids[3]`. */
function fieldOf(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part.replaceAll('~1', '/').replaceAll('~0', '~')}`))
    .join('')
    .replace(/^\./, '');
}

function inner(place: string, name: unknown): string {
  const short = String(name).slice(0, MAX_SHOWN);
  return place === '' ? short : `${place}.${short}`;
}

/** Not what is in it: that may be megabytes, or nested deeper than JSON can be written. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = typeof value === 'string' ? JSON.stringify(value.slice(0, MAX_SHOWN)) : String(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
