import { setTimeout as delay } from 'node:timers/promises';
import { type ForecastRequest, PURPOSE_HEADER, type Purpose, STATION_HEADER } from '../../core/record.ts';
import { isoOfHour } from '../../core/telemetry.ts';
import { shuffled } from './draw.ts';
import type { Fault } from './faults.ts';
import type { Service } from './service.ts';

/** Every station asks once in so many minutes: callers that refresh, at production pace. */
export const TRAFFIC_MINUTES = 5;
/** Calls after which it is asked whether something was found. */
const CALLS_AT_ONCE = 5;

export type Found = { calls: number; minutes: number } | null;

type Trial = {
  service: Service;
  stations: readonly string[];
  issue_h: number;
  purpose: Exclude<Purpose, 'pair'>;
  random: () => number;
};

/** Traffic with a fault that sets in before it, until the scorer has found it; null: five minutes were not enough. */
export async function untilFound(trial: Trial, fault: Fault | null): Promise<Found> {
  const { service, stations, issue_h, purpose, random } = trial;
  const before = await broken(service);
  service.now.fault = fault;
  try {
    const order = shuffled(stations, random);
    for (let start = 0; start < order.length; start += CALLS_AT_ONCE) {
      const callers = order.slice(start, start + CALLS_AT_ONCE);
      const served = await servedSoFar(service);
      await Promise.all(callers.map((station) => call({ service, issue_h, purpose, random }, station)));
      await taken(service, served + callers.length);
      if ((await broken(service)) > before) return foundAfter(start + callers.length, order.length);
    }
    return null;
  } finally {
    service.now.fault = null;
  }
}

function foundAfter(calls: number, of: number): Found {
  return { calls, minutes: (TRAFFIC_MINUTES * calls) / of };
}

async function call({ service, issue_h, purpose, random }: Omit<Trial, 'stations'>, station: string): Promise<void> {
  const pod = service.pods[Math.floor(random() * service.pods.length)] ?? '';
  const body: ForecastRequest = { issue_time: isoOfHour(issue_h), station_ids: [station] };
  const answer = await fetch(`${pod}/v1/forecast`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', [PURPOSE_HEADER]: purpose, [STATION_HEADER]: station },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${pod} answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
  await answer.arrayBuffer();
}

const LONGEST_WAIT_MS = 30_000;
const POLL_MS = 5;

/** Waits until the scorer has taken that many served forecasts and recomputed its samples of them. */
async function taken({ scorer }: Service, served: number): Promise<void> {
  const deadline_ms = performance.now() + LONGEST_WAIT_MS;
  for (;;) {
    const { current, samples_waiting } = await scorer.status();
    if ((current?.state.served ?? 0) >= served && samples_waiting === 0) return;
    if (performance.now() > deadline_ms)
      throw new Error(
        `the scorer has taken ${current?.state.served} of ${served} forecasts, ${samples_waiting} samples wait`,
      );
    await delay(POLL_MS);
  }
}

async function servedSoFar({ scorer }: Service): Promise<number> {
  return (await scorer.status()).current?.state.served ?? 0;
}

async function broken({ scorer }: Service): Promise<number> {
  return (await scorer.status()).current?.state.parity_broken ?? 0;
}
