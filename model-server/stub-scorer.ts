import { fastify } from 'fastify';
import type { ForecastRecord, RecordBatch } from '../core/record.ts';
import type { LogEntry, LogEntryInput } from '../core/telemetry.ts';

/** For tests: the scorer as far as a model server sees it. A long poll ends when an entry is added. */
export async function stubScorer() {
  const log: LogEntry[] = [];
  const records: ForecastRecord[] = [];
  const polls = new Set<() => void>();
  const arrivals = new Set<() => void>();
  const state = { refuse_records: false };
  const app = fastify({ forceCloseConnections: true });
  app.get<{ Querystring: { after: string; limit: string; wait_ms: string } }>('/v1/observations', async ({ query }) => {
    const entries = () => log.filter(({ seq }) => seq > Number(query.after)).slice(0, Number(query.limit));
    if (entries().length === 0) await woken(polls, Number(query.wait_ms));
    return { entries: entries() };
  });
  app.post<{ Body: RecordBatch }>('/v1/forecasts', async ({ body }, reply) => {
    if (state.refuse_records) return reply.code(503).send({});
    records.push(...body.records);
    for (const arrive of arrivals) arrive();
    return {};
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    records,
    state,
    add(...entries: LogEntryInput[]) {
      for (const entry of entries) log.push({ ...entry, seq: log.length + 1 });
      for (const wake of polls) wake();
    },
    /** Resolves when at least `count` records have arrived. */
    async received(count: number) {
      while (records.length < count) await woken(arrivals, 10_000);
    },
    close: async () => {
      for (const wake of polls) wake();
      await app.close();
    },
  };
}

export type StubScorer = Awaited<ReturnType<typeof stubScorer>>;

function woken(sleepers: Set<() => void>, wait_ms: number): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      sleepers.delete(wake);
      resolve();
    };
    const timer = setTimeout(wake, wait_ms);
    sleepers.add(wake);
  });
}
