import { type Fault, InputError } from '../core/input-error.ts';
import { parsePlan } from '../core/plan.ts';
import { placesIn, planDocument } from '../core/plan-file.ts';
import { inventoryIn, type Stations, stationsIn } from './inventory.ts';
import { checkNamed, type PlanFile, runbookFaults } from './named-by-plan.ts';
import type { ReadFile } from './plan/blobs.ts';

/** A plan, and the stations that it is of. Throws an InputError with every fault of its file and of the files that it names, all at once. */
export async function checkedPlan(text: string, file: string, read: ReadFile): Promise<PlanFile & Stations> {
  const faults: Fault[] = [];
  const plan = await found(() => parsePlan(text, file), faults);
  if (plan === null) {
    const told = new Set(faults.map(({ place }) => place));
    const more = await namedFaults(text, file, read);
    throw new InputError([...faults, ...more.filter(({ place }) => !told.has(place))]);
  }
  const written = { plan, text, file };
  const stations = await found(() => stationsIn(written, read), faults);
  await found(() => checkNamed(written, read), faults);
  if (stations === null || faults.length > 0) throw new InputError(faults);
  return { ...written, ...stations };
}

/** Of a plan that is none yet: its runbook and its inventory, which its text names all the same. */
async function namedFaults(text: string, file: string, read: ReadFile): Promise<Fault[]> {
  const faults: Fault[] = [];
  const source = await found(() => planDocument(text, file), []);
  if (source === null || source.document.errors.length > 0) return [];
  const named = (...path: string[]) => {
    const value: unknown = source.document.getIn(path);
    return typeof value === 'string' ? value : null;
  };
  const [runbook, inventory] = [named('runbook'), named('stations', 'inventory')];
  if (runbook !== null) faults.push(...(await runbookFaults({ runbook, text, file }, read)));
  if (inventory !== null) await found(() => inventoryIn(inventory, placesIn(text, file), read), faults);
  return faults;
}

/** What a reading gives; null where it throws an InputError, whose faults are kept. */
async function found<T>(reading: () => T | Promise<T>, faults: Fault[]): Promise<T | null> {
  try {
    return await reading();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    faults.push(...error.faults);
    return null;
  }
}
