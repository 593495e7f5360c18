import type { Fault, FaultKind } from './faults.ts';

export const extents = [
  'few stations, every pod',
  'one pod, every station',
  'everywhere',
  'few stations of one pod',
] as const;
export type Extent = (typeof extents)[number];

const FEW = 3;

/** A fault of one kind and extent: which stations and pods, and by how many hours, is drawn. */
export function drawFault(
  kind: FaultKind,
  extent: Extent,
  { stations, pods, random }: { stations: readonly string[]; pods: number; random: () => number },
): Fault {
  const below = (n: number) => Math.floor(random() * n);
  const few = extent === 'few stations, every pod' || extent === 'few stations of one pod';
  const single_pod = extent === 'one pod, every station' || extent === 'few stations of one pod';
  const drawn = shuffled(stations, random).slice(0, few ? 1 + below(FEW) : stations.length);
  return {
    kind,
    pods: new Set(single_pod ? [below(pods)] : Array.from({ length: pods }, (_, pod) => pod)),
    stations: new Map(drawn.map((station, i) => [station, otherThan(station, drawn, i, stations)])),
    // One to three hours early, which a day's shape shows; stale by one to six.
    hours: kind === 'stale inputs' ? 1 + below(6) : 1 + below(3),
  };
}

/** The next of the drawn, or where one is alone the next of all. */
function otherThan(station: string, drawn: readonly string[], i: number, stations: readonly string[]): string {
  if (drawn.length > 1) return drawn[(i + 1) % drawn.length] ?? station;
  return stations[(stations.indexOf(station) + 1) % stations.length] ?? station;
}

export function shuffled<T>(values: readonly T[], random: () => number): T[] {
  const mixed = [...values];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const [a, b] = [mixed[i], mixed[j]];
    if (a === undefined || b === undefined) continue;
    mixed[i] = b;
    mixed[j] = a;
  }
  return mixed;
}
