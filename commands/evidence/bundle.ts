import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { InputError } from '../../core/input-error.ts';
import type { Verdict } from '../../core/verdict.ts';
import { EVIDENCE, type RehearsalInputs } from '../rehearsal/kept-evidence.ts';
import { type Files, packed } from './archive.ts';
import { MANIFEST, manifestOf } from './manifest.ts';
import { verdictFaults } from './verdict-faults.ts';

/** Without these there is nothing to judge a verdict by. */
export const REQUIRED = [
  'verdict.json',
  'report.html',
  'plan.yaml',
  'gates.json',
  'backtest.json',
  'timeline.json',
  'inputs.json',
  'package-lock.json',
];

export type Bundle = { archive: Buffer; files: Files; about: string };

/** The archive of a rehearsal's folder. Throws an InputError where evidence is missing, or does not carry its verdict. */
export async function bundleOf(run: string): Promise<Bundle> {
  const files = await gathered(run);
  const missing = REQUIRED.filter((name) => !files.has(name));
  if (missing.length > 0) {
    const message = `lacks ${missing.join(', ')}`;
    throw new InputError([{ place: run, message, fix: 'rehearse again: npm run rehearse leaves them' }]);
  }
  const faults = verdictFaults(files);
  if (faults.length > 0)
    throw new InputError(faults.map((message) => ({ place: run, message, fix: 'rehearse again, and change nothing' })));
  const verdict: Verdict = JSON.parse(String(files.get('verdict.json')));
  const inputs: RehearsalInputs = JSON.parse(String(files.get('inputs.json')));
  const { outcome, release } = verdict;
  files.set(MANIFEST, manifestOf(files, { outcome, release, commit: inputs.commit }));
  const about = `gridramp evidence: ${outcome}, candidate ${release.candidate}, commit ${inputs.commit ?? 'unknown'}`;
  return { archive: await packed(files), files, about };
}

async function gathered(run: string): Promise<Files> {
  const files: Files = new Map();
  for (const name of ['verdict.json', 'report.html']) await take(files, name, path.join(run, name));
  const folder = path.join(run, EVIDENCE);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(absent);
  for (const entry of entries ?? []) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile()) await take(files, path.relative(folder, file).split(path.sep).join('/'), file);
  }
  return files;
}

async function take(files: Files, name: string, file: string): Promise<void> {
  const contents = await readFile(file).catch(absent);
  if (contents !== undefined) files.set(name, contents);
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
}
