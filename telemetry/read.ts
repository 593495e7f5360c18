import { fileURLToPath } from 'node:url';
import type { Telemetry } from '../core/telemetry.ts';
import { readDescription } from './description.ts';
import { FaultList } from './fault-list.ts';
import { readObservations } from './observations.ts';
import { readStations } from './stations.ts';

/** The set that comes with gridramp. */
export const embeddedTelemetry = fileURLToPath(new URL('simbench', import.meta.url));

/**
 * Reads a telemetry set (telemetry/README.md has the format) in kW with hours named by their END.
 * Throws one InputError with every fault, or the first 20 and how many more there are.
 */
export async function readTelemetry(folder: string): Promise<Telemetry> {
  const faults = new FaultList();
  const description = await readDescription(folder, faults);
  const stations = await readStations(folder, faults);
  const observations = await readObservations(folder, stations, description, faults);
  faults.throwIfAny(folder);
  return { name: description.name, stations: stations ?? [], ...observations };
}
