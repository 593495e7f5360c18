/** The forecasters of the recorded part. */
export const models = ['seasonal', 'ridge', 'rich', 'retrained'] as const;
export type Model = (typeof models)[number];

/** Which leads a target hour's loss is of. */
export const leadModes = ['lead 24', 'leads 1-24'] as const;
export type LeadMode = (typeof leadModes)[number];

/** Stable and candidate, by how much they resemble each other. */
export const pairs = {
  dissimilar: { stable: 'seasonal', candidate: 'ridge' },
  similar: { stable: 'ridge', candidate: 'rich' },
  'near-identical': { stable: 'ridge', candidate: 'retrained' },
} as const satisfies Record<string, { stable: Model; candidate: Model }>;
export type Pair = keyof typeof pairs;
export const pairNames = Object.keys(pairs) as Pair[];

/** One value for each key. */
export function forEach<K extends string, T>(keys: readonly K[], of: (key: K) => T): Record<K, T> {
  return Object.fromEntries(keys.map((key) => [key, of(key)])) as Record<K, T>;
}
