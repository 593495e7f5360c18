import { HISTORY_HOURS, type Telemetry } from '../../core/telemetry.ts';
import { LearnedStates } from '../learned-states.ts';
import { type LinearKind, ONLINE_FILE, RIDGE_FILE, STATES_FILE, STATIONS_FILE } from '../linear-kinds.ts';
import { othersState } from './ensemble.ts';
import { fitLinear } from './fit-linear.ts';
import { linearBytes } from './linear.ts';
import { expertsOf, type LinearParts, linearPredictor } from './trained.ts';
import { statesBytes, type TrainedStates } from './trained-states.ts';

/** Shares of the work, roughly: fitting the linear models; the rest is living through the training part day by day. */
const FITTING = 0.3;

/** Trains on the first `hours` hours of a set and returns the artefact's files. Nothing is drawn: the same set gives the same bytes. */
export async function trainLinear(
  kind: LinearKind,
  telemetry: Telemetry,
  hours: number,
  onProgress: (share: number) => void,
): Promise<Map<string, Uint8Array>> {
  const parts: LinearParts = {};
  const fitted = (profiled: boolean) =>
    fitLinear(telemetry, { hours, profiled }, (share) => onProgress(FITTING * share));
  if (kind !== 'online') parts.ridge = fitted(false);
  if (kind === 'online' || kind === 'all') parts.online = fitted(true);
  const files = new Map<string, Uint8Array>();
  if (parts.ridge) files.set(RIDGE_FILE, linearBytes(parts.ridge));
  if (parts.online) files.set(ONLINE_FILE, linearBytes(parts.online));
  const states = await livedThrough(kind, parts, telemetry, hours, (share) =>
    onProgress(FITTING + (1 - FITTING) * share),
  );
  if (states === undefined) return files;
  const station_ids = [...states.of.keys()];
  files.set(STATES_FILE, statesBytes(states));
  files.set(STATIONS_FILE, new Uint8Array(Buffer.from(JSON.stringify(station_ids))));
  return files;
}

/** The states that stations have after the training part, of which they have learned as a server would have. */
async function livedThrough(
  kind: LinearKind,
  parts: LinearParts,
  telemetry: Telemetry,
  hours: number,
  onProgress: (share: number) => void,
): Promise<TrainedStates | undefined> {
  const { learning } = linearPredictor(kind, parts);
  if (learning === undefined) return undefined;
  const from_h = telemetry.start_h + HISTORY_HOURS;
  const to_h = telemetry.start_h + hours - 1;
  const states = new LearnedStates(learning, telemetry, from_h);
  for (let h = from_h; h < to_h; h += 24) {
    await states.at(h);
    onProgress((h - from_h) / (to_h - from_h));
  }
  const last = await states.at(to_h);
  const of = new Map(
    telemetry.stations.map(({ station_id }, s) => [station_id, last.slice(s * learning.size, (s + 1) * learning.size)]),
  );
  const others = kind === 'ensemble' || kind === 'all' ? othersState(expertsOf(kind, parts), of) : learning.initial('');
  return { others, of };
}
