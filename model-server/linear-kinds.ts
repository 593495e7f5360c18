/** Models that are trained without TensorFlow. */
export const linearKinds = ['ridge', 'online', 'ensemble', 'all'] as const;
export type LinearKind = (typeof linearKinds)[number];

export const RIDGE_FILE = 'ridge.bin';
export const ONLINE_FILE = 'online.bin';
export const STATES_FILE = 'states.bin';
/** The stations that `states.bin` has states of, in its order. */
export const STATIONS_FILE = 'stations.json';

/** A kind has those that it needs. */
export const linearFiles = [RIDGE_FILE, ONLINE_FILE, STATES_FILE, STATIONS_FILE] as const;
