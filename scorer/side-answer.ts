import { Ajv } from 'ajv';
import { COLUMNAR_TYPE, decodeColumns, stationsDigest } from '../core/columnar-answer.ts';
import { columnsOf, type ForecastColumns } from '../core/forecast-columns.ts';
import { lazily } from '../core/lazily.ts';
import { type ForecastResponse, MAX_BATCH } from '../core/record.ts';
import { DIGEST_PATTERN } from '../core/release.ts';
import { isoOfHour } from '../core/telemetry.ts';
import { forecastRecordSchema } from './schemas.ts';

/** One question to one Service. */
export type Question = {
  url: string;
  issue_h: number;
  station_ids: readonly string[];
  /** Absent: the default arm. */
  arm?: string;
};

/** An answer that asking again would not change. */
export class Refusal extends Error {}

const DIGEST = { type: 'string', pattern: DIGEST_PATTERN };
const validator = lazily(() =>
  new Ajv().compile<ForecastResponse>({
    type: 'object',
    required: ['records'],
    properties: { records: { type: 'array', maxItems: MAX_BATCH, items: forecastRecordSchema(DIGEST) } },
  }),
);

/** What an answer says, in whichever form it came; a Refusal where it is no answer to what was asked. */
export function readAnswer({ type, bytes }: { type: unknown; bytes: Buffer }, question: Question): ForecastColumns {
  const columns = type === COLUMNAR_TYPE ? columnar(bytes, question) : fromJson(bytes, question);
  const { url, arm } = question;
  const issue_time = isoOfHour(question.issue_h);
  if (arm !== undefined && columns.arm !== arm)
    throw new Refusal(`${url} answered arm ${columns.arm} where ${arm} was asked`);
  if (columns.issue_time !== issue_time)
    throw new Refusal(`${url} answered issue time ${columns.issue_time} where ${issue_time} was asked`);
  return columns;
}

function columnar(bytes: Uint8Array, { url, station_ids }: Question): ForecastColumns {
  const { columns, stations } = understood(url, () => decodeColumns(bytes));
  checkCount(columns.fallback.length, { url, station_ids });
  if (stations !== stationsDigest(station_ids))
    throw new Refusal(`${url} answered other stations than those that were asked, or in another order`);
  return columns;
}

function fromJson(bytes: Buffer, { url, station_ids }: Question): ForecastColumns {
  const answer: unknown = JSON.parse(bytes.toString('utf8'));
  const valid = validator();
  if (!valid(answer)) {
    const [fault] = valid.errors ?? [];
    throw new Refusal(`${url} answered a bad forecast: ${fault?.instancePath ?? ''} ${fault?.message ?? ''}`);
  }
  const { records } = answer;
  checkCount(records.length, { url, station_ids });
  for (const [i, { station_id }] of records.entries())
    if (station_id !== station_ids[i])
      throw new Refusal(`${url} answered station ${station_id} where ${station_ids[i]} was asked`);
  return understood(url, () => columnsOf(records));
}

function understood<T>(url: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new Refusal(`${url} answered a bad forecast: ${cause.message}`, { cause });
  }
}

function checkCount(rows: number, { url, station_ids }: Pick<Question, 'url' | 'station_ids'>): void {
  if (rows !== station_ids.length)
    throw new Refusal(`${url} answered ${rows} forecasts for ${station_ids.length} stations`);
}
