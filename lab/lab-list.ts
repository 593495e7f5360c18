import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { markedProcesses, REAPER_MARK, reap } from './reaper.ts';

/** What a lab's folder says about it, for those who did not start it. */
export type LabFile = {
  id: string;
  slot: number;
  kept: boolean;
  /** The process that runs it, or ran it until it was kept, and the tick it started at: its id alone may be another's by now. */
  runner: { pid: number; started: string };
};

const PREFIX = 'gridramp-';
const FILE = 'lab.json';
const STOP_MS = 30_000;

export const labDir = (id: string): string => join(tmpdir(), `${PREFIX}${id}`);

export async function writeLabFile(lab: Pick<LabFile, 'id' | 'slot' | 'kept'>): Promise<void> {
  const runner = { pid: process.pid, started: startTimeOf(process.pid) };
  await writeFile(join(labDir(lab.id), FILE), JSON.stringify({ ...lab, runner } satisfies LabFile), { mode: 0o600 });
}

/** This user's labs, running or kept. */
export function listLabs(): LabFile[] {
  return readdirSync(tmpdir())
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => readLabFile(name.slice(PREFIX.length)))
    .filter((lab) => lab !== undefined);
}

/** Ends a lab that another process started, and resolves when nothing of it is left. */
export async function stopLab(id: string): Promise<void> {
  const lab = readLabFile(id);
  if (lab === undefined) throw new Error(`there is no lab "${id}"; running now: ${namesOf(listLabs())}`);
  const running = !lab.kept && startTimeOf(lab.runner.pid) === lab.runner.started;
  const asked = running ? [lab.runner.pid] : markedProcesses(REAPER_MARK, id);
  for (const pid of asked) process.kill(pid, 'SIGTERM');
  const deadline_ms = performance.now() + STOP_MS;
  while (asked.length > 0 && existsSync(labDir(id)) && performance.now() < deadline_ms) await delay(50);
  // Nobody was there to ask, or whoever was asked did not do it.
  if (existsSync(labDir(id))) await reap(id, labDir(id));
}

function namesOf(labs: readonly LabFile[]): string {
  return labs.length === 0 ? 'none' : labs.map(({ id }) => id).join(', ');
}

function readLabFile(id: string): LabFile | undefined {
  const file = join(labDir(id), FILE);
  // Another user may make a folder of any name in the temporary folder: only our own is believed.
  if (!existsSync(file) || statSync(file).uid !== process.getuid?.()) return undefined;
  const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return isLabFile(value) && value.id === id ? value : undefined;
}

function isLabFile(value: unknown): value is LabFile {
  if (typeof value !== 'object' || value === null) return false;
  const { id, slot, kept, runner } = value as Partial<Record<keyof LabFile, unknown>>;
  return typeof id === 'string' && typeof slot === 'number' && typeof kept === 'boolean' && isRunner(runner);
}

function isRunner(value: unknown): value is LabFile['runner'] {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, started } = value as Partial<Record<keyof LabFile['runner'], unknown>>;
  return typeof pid === 'number' && typeof started === 'string';
}

/** Field 22 of /proc/PID/stat, "starttime"; empty when there is no such process. */
function startTimeOf(pid: number): string {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return '';
  const stat = readFileSync(file, 'utf8');
  // The second field, the program's name in parentheses, may hold spaces.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
