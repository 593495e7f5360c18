import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { bundleOf } from '../../commands/evidence/bundle.ts';
import schema from '../../core/verdict.schema.json' with { type: 'json' };
import type { Verdict } from '../../core/verdict.ts';
import { leftovers } from '../../lab/container-leftovers.ts';
import { labDir } from '../../lab/lab-list.ts';
import { LAB_MARK, markedProcesses } from '../../lab/reaper.ts';
import { lastLines } from './last-lines.ts';

/** A rehearsal as its user runs it: a process of its own, known by what it prints, leaves and exits with. */
export type RehearsalRun = {
  /** Resolves with the first line that holds the text; rejects when the rehearsal ends without it. */
  line: (text: string) => Promise<string>;
  /** Kills the one process of the lab whose command line holds the text, as a crash would. */
  kill: (commandLine: string) => number;
  /** What Ctrl-C sends. */
  interrupt: () => void;
  done: Promise<Ended>;
};

export type Ended = {
  code: number | null;
  output: string;
  verdict: Verdict | null;
  report: string | null;
  /** What of the lab outlived it: processes, its folder, and what containers leave outside of it. */
  remains: string[];
};

const root = path.resolve(import.meta.dirname, '../..');
const ajv = new Ajv2020({ allErrors: true });
addFormats.default(ajv);
const isVerdict = ajv.compile(schema);

const running = new Set<ChildProcess>();

export async function startRehearsal(...args: string[]): Promise<RehearsalRun> {
  const out = await mkdtemp(path.join(tmpdir(), 'rehearsal-test-'));
  const child = spawn(process.execPath, ['commands/rehearse.ts', '--out', out, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  running.add(child);
  let lab = '';
  const waiting = new Set<{ text: string; resolve: (line: string) => void; reject: (error: Error) => void }>();
  for (const stream of [child.stdout, child.stderr])
    createInterface(stream).on('line', (line) => {
      lines.push(line);
      lab = /^Lab ([0-9a-f]+) ready/.exec(line)?.[1] ?? lab;
      for (const one of waiting) if (line.includes(one.text)) one.resolve(line);
    });
  const done = once(child, 'close').then(async ([code]: (number | null)[]) => {
    running.delete(child);
    const output = [...lines, lastLines(path.join(out, 'logs'))].join('\n');
    for (const { text, reject } of waiting) reject(new Error(`the rehearsal ended without "${text}":\n${output}`));
    const ended = { code: code ?? null, output, ...(await readOut(out)), remains: remainsOf(lab) };
    await rm(out, { recursive: true });
    return ended;
  });
  return {
    line: (text) => {
      const seen = lines.find((line) => line.includes(text));
      if (seen !== undefined) return Promise.resolve(seen);
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      waiting.add({ text, resolve, reject });
      return promise;
    },
    kill: (commandLine) => killOne(lab, commandLine),
    interrupt: () => child.kill('SIGINT'),
    done,
  };
}

/** Ends what a failed test left behind, so that it does not run beside the next one. */
export async function endRehearsals(): Promise<void> {
  for (const child of running) {
    const closed = once(child, 'close');
    child.kill('SIGKILL');
    await closed;
  }
}

async function readOut(out: string): Promise<Pick<Ended, 'verdict' | 'report'>> {
  const read = (name: string) => (existsSync(path.join(out, name)) ? readFile(path.join(out, name), 'utf8') : null);
  const text = await read('verdict.json');
  const verdict = text === null ? null : (JSON.parse(text) as Verdict);
  if (verdict !== null && !isVerdict(verdict))
    throw new Error(`verdict.json does not fit its schema: ${JSON.stringify(isVerdict.errors)}`);
  // Rejects where the evidence beside a verdict is not all there, or does not carry it.
  if (verdict !== null) await bundleOf(out);
  return { verdict, report: await read('report.html') };
}

function killOne(lab: string, commandLine: string): number {
  const found = markedProcesses(LAB_MARK, lab).filter((pid) =>
    readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').includes(commandLine),
  );
  const [pid] = found;
  if (pid === undefined || found.length > 1)
    throw new Error(`${found.length} processes of lab ${lab} match "${commandLine}", not one`);
  process.kill(pid, 'SIGKILL');
  return pid;
}

function remainsOf(lab: string): string[] {
  if (lab === '') return ['a rehearsal that never said which lab it ran'];
  const processes = markedProcesses(LAB_MARK, lab).map((pid) => `process ${pid}`);
  return [...processes, ...[labDir(lab)].filter(existsSync), ...leftovers(lab)];
}
