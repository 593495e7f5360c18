import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { COLUMNAR_TYPE, encodeColumns } from '../core/columnar-answer.ts';
import { columnsOf } from '../core/forecast-columns.ts';
import type { ForecastRecord, ForecastRequest, ForecastResponse } from '../core/record.ts';
import { hourOfIso } from '../core/telemetry.ts';
import type { RecomputeRequest, RecomputeResponse } from '../core/workload.ts';
import { CANDIDATE, type Predict, recordOf, STABLE, seasonal, stations, type Version } from './stand-in-world.ts';

/** Changes a candidate's answer, or refuses it (null). */
export type Fault = (record: ForecastRecord, s: number, issue_h: number) => ForecastRecord | null;

/** Both Services and the recomputer on one loopback port: /stable, /canary, /recompute. */
export class Services {
  stable: Version = { release: STABLE, pod_hash: 'old', arm: 'control', predict: seasonal(24) };
  canary: Version = { release: CANDIDATE, pod_hash: 'new', arm: 'candidate', predict: seasonal(48) };
  /** The candidate's arms beside its default one. */
  others: Version[] = [];
  fault: Fault = (record) => record;
  /** As servers that do not know columns. */
  only_json = false;
  /** So many answers that are still to be 503. */
  unavailable = 0;
  recompute: Predict = seasonal(48);
  /** Releases that the recomputer does not have. */
  readonly gone = new Set<string>();
  /** Told of every question before its answer, and once more behind it. */
  onQuestion: () => void = () => {};
  readonly #server: Server;

  constructor() {
    this.#server = createServer(async (request, response) => {
      let body = '';
      try {
        for await (const chunk of request) body += chunk;
      } catch {
        // Who asked was killed in the middle of its question.
        return;
      }
      this.onQuestion();
      const answer = this.#answer(request.url ?? '', JSON.parse(body));
      const absent = this.unavailable > 0;
      if (absent) this.unavailable--;
      const columns = !absent && !this.only_json && request.headers.accept?.includes(COLUMNAR_TYPE);
      if (columns && answer !== null && 'records' in answer) {
        response.writeHead(200, { 'content-type': COLUMNAR_TYPE });
        response.end(columnar(answer.records));
      } else {
        response.writeHead(absent ? 503 : answer === null ? 422 : 200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(answer ?? { title: 'unavailable' }));
      }
      this.onQuestion();
    });
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the stand-in has no port');
    return `http://127.0.0.1:${address.port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #answer(path: string, body: ForecastRequest & RecomputeRequest): ForecastResponse | RecomputeResponse | null {
    if (path.startsWith('/recompute')) {
      if (this.gone.has(body.release)) return null;
      const histories = body.items.map(({ history_kw }) => Float64Array.from(history_kw, (v) => v ?? Number.NaN));
      const predict = this.others.find(({ arm }) => arm === body.arm)?.predict ?? this.recompute;
      return { values_kw: histories.map((history_kw) => predict(history_kw)) };
    }
    const issue_h = hourOfIso(body.issue_time);
    const canary = this.others.find(({ arm }) => arm === body.arm) ?? this.canary;
    const side = path.startsWith('/stable') ? this.stable : canary;
    const records: ForecastRecord[] = [];
    for (const station_id of body.station_ids) {
      const s = stations.indexOf(station_id);
      const honest = recordOf(side, s, issue_h);
      const record = side.release === this.stable.release ? honest : this.fault(honest, s, issue_h);
      if (record === null) return null;
      records.push(record);
    }
    return { records };
  }
}

function columnar(records: readonly ForecastRecord[]): Uint8Array {
  return encodeColumns(
    columnsOf(records),
    records.map(({ station_id }) => station_id),
  );
}
