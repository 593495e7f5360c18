import { fastify } from 'fastify';
import type { ForecastRecord, RecordBatch } from '../core/record.ts';
import type { Switches } from '../core/switches.ts';
import type { LogEntry, LogEntryInput } from '../core/telemetry.ts';

/** For tests: the scorer as far as a model server sees it. A long poll ends when an entry is added. */
export async function stubScorer() {
  const log: LogEntry[] = [];
  const records: ForecastRecord[] = [];
  const polls = new Set<() => void>();
  const arrivals = new Set<() => void>();
  const state = { refuse_records: false, refusals: 0, trace: '' };
  let switches: Switches = { version: 0, off: [] };
  const app = () => {
    const server = fastify({ forceCloseConnections: true });
    server.get<{ Querystring: Poll }>('/v1/observations', async ({ query }, reply) => {
      const entries = () => log.filter(({ seq }) => seq > Number(query.after ?? 0)).slice(0, Number(query.limit));
      if (Number(query.after ?? 0) > log.length) return reply.code(410).send({ title: 'ahead' });
      if (entries().length === 0 && Number(query.switched) === switches.version)
        await woken(polls, Number(query.wait_ms));
      const answered = entries();
      return { entries: answered, caught_up: (answered.at(-1)?.seq ?? log.length) === log.length, switches };
    });
    server.post<{ Body: { entries: LogEntryInput[] } }>('/v1/observations', async ({ body, headers }, reply) => {
      state.trace = String(headers.traceparent);
      if (body.entries.length === 0) return reply.code(400).send({ title: 'invalid-input' });
      for (const entry of body.entries) log.push({ ...entry, seq: log.length + 1 });
      wakeAll(polls);
      return { seq: log.length };
    });
    server.post<{ Body: RecordBatch }>('/v1/forecasts', async ({ body }, reply) => {
      if (state.refuse_records) state.refusals++;
      else records.push(...body.records);
      wakeAll(arrivals);
      return reply.code(state.refuse_records ? 503 : 200).send({});
    });
    return server;
  };
  let running = app();
  const url = await running.listen({ host: '127.0.0.1', port: 0 });
  const close = async () => {
    wakeAll(polls);
    await running.close();
  };
  const until = async (done: () => boolean) => {
    while (!done()) await woken(arrivals, 10_000);
  };
  return {
    url,
    records,
    state,
    add(...entries: LogEntryInput[]) {
      for (const entry of entries) log.push({ ...entry, seq: log.length + 1 });
      wakeAll(polls);
    },
    /** Only these arms are off from now on. */
    switchOff(...off: string[]) {
      switches = { version: switches.version + 1, off };
      wakeAll(polls);
    },
    /** Its data are lost. */
    empty() {
      log.length = 0;
      wakeAll(polls);
    },
    /** Resolves when at least `count` records have arrived. */
    received: (count: number) => until(() => records.length >= count),
    /** Resolves when at least `count` batches of records have been refused. */
    refused: (count: number) => until(() => state.refusals >= count),
    /** Away, and back with the same log at the same address. */
    async restart(whileAway: () => Promise<void>) {
      await close();
      await whileAway();
      running = app();
      await running.listen({ host: '127.0.0.1', port: Number(new URL(url).port) });
    },
    close,
  };
}

type Poll = { after: string; limit: string; wait_ms: string; switched: string };

function wakeAll(sleepers: Set<() => void>): void {
  for (const wake of sleepers) wake();
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
