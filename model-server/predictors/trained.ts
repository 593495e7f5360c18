import { type LinearKind, ONLINE_FILE, RIDGE_FILE, STATES_FILE, STATIONS_FILE } from '../linear-kinds.ts';
import type { Predictor } from '../predictor.ts';
import { seasonal } from '../seasonal.ts';
import { ensemble } from './ensemble.ts';
import type { Expert } from './ensemble-state.ts';
import { fallback } from './fallback.ts';
import { type LinearModel, parseLinear, WEEK_H } from './linear.ts';
import { online } from './online.ts';
import { ridge } from './ridge.ts';
import { parseStates, type TrainedStates } from './trained-states.ts';

/** What training makes: linear models, and what stations had learned by its end. A kind has those that it needs. */
export type LinearParts = { ridge?: LinearModel; online?: LinearModel; states?: TrainedStates };

/** Without states its stations begin as ones that training never saw. */
export function linearPredictor(kind: LinearKind, parts: LinearParts): Predictor {
  switch (kind) {
    case 'ridge':
      return ridge(needed(kind, 'ridge', parts.ridge));
    case 'online':
      return online(needed(kind, 'online', parts.online), parts.states);
    case 'ensemble':
    case 'all':
      return ensemble(kind, expertsOf(kind, parts), needed(kind, 'ridge', parts.ridge).margins, parts.states);
  }
}

/** What a mixture mixes: the plain methods, ridge, and in `all` the model that learns online. */
export function expertsOf(kind: 'ensemble' | 'all', parts: LinearParts): Expert[] {
  const plain: Expert[] = [
    { name: 'control', predictor: seasonal(24) },
    { name: 'week', predictor: seasonal(WEEK_H) },
    { name: 'fallback', predictor: fallback() },
    { name: 'ridge', predictor: ridge(needed(kind, 'ridge', parts.ridge)) },
  ];
  if (kind === 'ensemble') return plain;
  return [...plain, { name: 'online', predictor: online(needed(kind, 'online', parts.online)) }];
}

function needed<T>(kind: LinearKind, name: string, part: T | undefined): T {
  if (part === undefined) throw new RangeError(`a model of kind ${kind} has no ${name}; train it again with this code`);
  return part;
}

/** Opens the files of an artefact. */
export function openLinear(kind: LinearKind, files: ReadonlyMap<string, Uint8Array>): Predictor {
  const [of_ridge, of_online, of_states] = [files.get(RIDGE_FILE), files.get(ONLINE_FILE), files.get(STATES_FILE)];
  const parts: LinearParts = {
    ...(of_ridge ? { ridge: parseLinear(of_ridge) } : {}),
    ...(of_online ? { online: parseLinear(of_online) } : {}),
  };
  const { learning } = linearPredictor(kind, parts);
  if (learning === undefined || of_states === undefined) return linearPredictor(kind, parts);
  const states = parseStates(of_states, parseStations(files.get(STATIONS_FILE)), learning.size);
  return linearPredictor(kind, { ...parts, states });
}

function parseStations(bytes: Uint8Array | undefined): string[] {
  const value: unknown = bytes === undefined ? undefined : JSON.parse(Buffer.from(bytes).toString('utf8'));
  if (Array.isArray(value) && value.every((id) => typeof id === 'string')) return value;
  throw new RangeError(`${STATIONS_FILE} is no list of station ids; train the model again with this code`);
}
