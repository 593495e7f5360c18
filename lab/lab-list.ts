import { closeSync, existsSync, fstatSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf } from '../core/error-code.ts';
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

/** By rename, so that nobody reads half of it. */
export async function writeLabFile(lab: Pick<LabFile, 'id' | 'slot' | 'kept'>): Promise<void> {
  const runner = { pid: process.pid, started: startTimeOf(process.pid) };
  const file = join(labDir(lab.id), FILE);
  await writeFile(`${file}.new`, JSON.stringify({ ...lab, runner } satisfies LabFile), { mode: 0o600 });
  await rename(`${file}.new`, file);
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
  const text = readOwn(join(labDir(id), FILE));
  const value: unknown = text === undefined ? undefined : JSON.parse(text);
  return isLabFile(value) && value.id === id ? value : undefined;
}

/** Another user may make a folder of any name in the temporary folder: only this user's files are believed. */
function readOwn(file: string): string | undefined {
  try {
    const handle = openSync(file, 'r');
    try {
      return fstatSync(handle).uid === process.getuid?.() ? readFileSync(handle, 'utf8') : undefined;
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    // No lab, one that has just gone, or another user's.
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(String(codeOf(error)))) return undefined;
    throw error;
  }
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
