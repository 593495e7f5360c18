import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeExampleRun } from './evidence/example-run.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gridramp-evidence-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const evidence = (...args: string[]) =>
  spawnSync(process.execPath, ['commands/evidence.ts', ...args], { encoding: 'utf8' });

test('from a key pair over a signed bundle to its verification, and to a refusal', async () => {
  const [key, out] = [join(folder, 'k.key'), join(folder, 'e.tar.gz')];
  expect(evidence('keygen', '--key', key)).toMatchObject({ status: 0 });
  expect(statSync(key).mode & 0o777).toBe(0o600);
  const before = readFileSync(key);
  const again = evidence('keygen', '--key', key);
  expect(again).toMatchObject({ status: 2, stderr: expect.stringContaining('keys are never overwritten') });
  expect(readFileSync(key)).toEqual(before);
  await writeExampleRun(join(folder, 'run'), readFileSync('rollouts/forecast.yaml', 'utf8'), 'good');
  const packed = evidence('pack', '--run', join(folder, 'run'), '--key', key, '--out', out);
  expect(packed).toMatchObject({ status: 0, stderr: '' });
  const good = evidence('verify', out, '--pub', `${key}.pub`);
  expect(good).toMatchObject({ status: 0, stdout: expect.stringContaining('their measurements give "promoted"') });
  const archive = readFileSync(out);
  archive.writeUInt8(archive.readUInt8(archive.length - 1) ^ 1, archive.length - 1);
  writeFileSync(out, archive);
  const bad = evidence('verify', out, '--pub', `${key}.pub`);
  expect(bad).toMatchObject({ status: 3, stderr: expect.stringContaining('the signature is not of this archive') });
});

test('what is missing is told, with exit code 2', () => {
  expect(evidence('verify', 'nowhere.tar.gz')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('--pub FILE'),
  });
  const run = join(folder, 'none');
  expect(evidence('pack', '--run', run, '--out', join(folder, 'e'))).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('rehearse again'),
  });
  expect(existsSync(join(folder, 'e'))).toBe(false);
});

test('what cannot be written is told, with exit code 2, and no half of a pair is left', async () => {
  const refused = (file: string, why: string) => ({
    status: 2,
    stderr: expect.stringMatching(new RegExp(`^${file}: ${why}.*; name .* in a folder that is there[^\\n]*\\n$`)),
  });
  const [taken, nowhere] = [join(folder, 'taken'), join(folder, 'none', 'file')];
  mkdirSync(taken);
  expect(evidence('keygen', '--key', taken)).toMatchObject(refused(taken, 'is there already'));
  expect(evidence('keygen', '--key', nowhere)).toMatchObject(refused(`${nowhere}.pub`, 'cannot be written .ENOENT'));
  expect(readdirSync(folder)).toEqual(['taken']);
  const run = join(folder, 'run');
  await writeExampleRun(run, readFileSync('rollouts/forecast.yaml', 'utf8'), 'good');
  const pack = (out: string) => evidence('pack', '--run', run, '--out', out);
  expect(pack(nowhere)).toMatchObject(refused(nowhere, 'cannot be written .ENOENT'));
  expect(pack(taken)).toMatchObject(refused(taken, 'cannot be written .EISDIR'));
});
