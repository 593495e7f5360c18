import { randomOf } from '../../core/random.ts';
import { isoOfHour } from '../../core/telemetry.ts';
import { SHAPE } from './network.ts';

/** The hour that everybody asks for. */
export const ISSUE_H = 420_000;

/** A week of readings in kW, to a watt, as a meter gives them. */
export function weeks(count: number, seed: number): number[][] {
  const random = randomOf(seed);
  const reading = () => Math.round(500_000 * random()) / 1000;
  return Array.from({ length: count }, () => Array.from({ length: SHAPE.input }, reading));
}

export function stationIds(from: number, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `station-${from + i}`);
}

/** Histories as the body of a call. */
export type PeerBody = (inputs: number[][]) => Buffer;

/** A call that sends the histories, as peers and as we take it. */
export const bodies = {
  peers: (inputs: number[][]) => Buffer.from(JSON.stringify({ inputs })),
  /** KServe's protocol v1. */
  instances: (instances: number[][]) => Buffer.from(JSON.stringify({ instances })),
  /** The Open Inference Protocol, v2. */
  tensors: (inputs: number[][]) => {
    const shape = [inputs.length, SHAPE.input];
    return Buffer.from(JSON.stringify({ inputs: [{ name: 'inputs', shape, datatype: 'FP32', data: inputs.flat() }] }));
  },
  ours: (history_kw: number[][]) =>
    Buffer.from(
      JSON.stringify({ issue_time: isoOfHour(ISSUE_H), station_ids: stationIds(0, history_kw.length), history_kw }),
    ),
  /** The server knows the histories. */
  known: (station_ids: string[], issue_h = ISSUE_H) =>
    Buffer.from(JSON.stringify({ issue_time: isoOfHour(issue_h), station_ids })),
};
