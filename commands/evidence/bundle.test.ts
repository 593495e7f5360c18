import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Files, packed } from './archive.ts';
import { type Bundle, bundleOf } from './bundle.ts';
import { writeExampleRun } from './example-run.ts';
import { newKeyPair, readPublicKey, readSecretKey } from './key.ts';
import { MANIFEST, manifestOf } from './manifest.ts';
import { signatureText } from './signature.ts';
import { checkBundle } from './verify.ts';

const pair = newKeyPair(null);
const [secret, key] = [readSecretKey(pair.secret_text, 'k', null), readPublicKey(pair.public_text, 'k.pub')];
const plan = readFileSync('rollouts/forecast.yaml', 'utf8');
let folder = '';
let bundle: Bundle;
let signature = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gridramp-evidence-'));
  await writeExampleRun(folder, plan, 'slow');
  bundle = await bundleOf(folder);
  signature = signatureText(bundle.archive, secret, bundle.about);
});
afterAll(() => rmSync(folder, { recursive: true }));

const faultsOf = async (archive: Buffer, by = signature) => (await checkBundle(archive, by, key)).faults;
const unsigned = 'the signature is not of this archive';

/** The bundle's files after a change. */
function changed(change: (files: Files) => void): Files {
  const files = new Map(bundle.files);
  change(files);
  return files;
}

/** A bundle whose manifest and signature were made anew, as only the holder of the key could. */
async function signedAnew(files: Files): Promise<string[]> {
  files.delete(MANIFEST);
  const about = { outcome: 'aborted', release: { stable: 's', candidate: 'c' }, commit: null };
  const archive = await packed(new Map([...files, [MANIFEST, manifestOf(files, about)]]));
  return faultsOf(archive, signatureText(archive, secret, 'anew'));
}

function edited(name: string, change: (value: unknown) => unknown): Files {
  return changed((files) => {
    const before: unknown = JSON.parse(String(files.get(name)));
    files.set(name, Buffer.from(JSON.stringify(change(before))));
  });
}

test('a bundle holds, and packing again gives the same bytes', async () => {
  const checked = await checkBundle(bundle.archive, signature, key);
  expect(checked).toMatchObject({ faults: [], files: 10, manifest: { outcome: 'aborted', commit: 'c0ffee' } });
  expect(checked.trusted_comment).toMatch(/^gridramp evidence: aborted, candidate sha256:/);
  expect((await bundleOf(folder)).archive.equals(bundle.archive)).toBe(true);
});

test('a flipped byte in any file is refused by that file’s name', async () => {
  for (const name of bundle.files.keys()) {
    const files = changed((all) => {
      const contents = Buffer.from(all.get(name) ?? '');
      const at = Math.floor(contents.length / 2);
      contents[at] = (contents[at] ?? 0) ^ 1;
      all.set(name, contents);
    });
    const faults = await faultsOf(await packed(files));
    expect(faults[0]).toBe(unsigned);
    if (name !== MANIFEST) expect(faults).toContain(`${name} is not what was packed: its sha256 differs`);
    expect(faults.length).toBeGreaterThan(1);
  }
});

test('a flipped byte anywhere in the archive is refused', async () => {
  const { archive } = bundle;
  for (let i = 0; i < 40; i++) {
    const at = Math.floor((i / 40) * archive.length);
    const flipped = Buffer.from(archive);
    flipped[at] = (flipped[at] ?? 0) ^ 0x10;
    expect(await faultsOf(flipped)).toContain(unsigned);
  }
});

test('a dropped file and an added one are named', async () => {
  for (const name of bundle.files.keys())
    expect(await faultsOf(await packed(changed((files) => files.delete(name))))).toEqual([
      unsigned,
      `${name} is missing`,
    ]);
  expect(await faultsOf(await packed(changed((files) => files.set('extra.txt', Buffer.from('x')))))).toEqual([
    unsigned,
    'extra.txt was added: the manifest does not list it',
  ]);
});

test('the signature of another bundle, or by another key, is refused', async () => {
  const other = mkdtempSync(join(tmpdir(), 'gridramp-evidence-'));
  await writeExampleRun(other, plan, 'good');
  const good = await bundleOf(other);
  await rm(other, { recursive: true });
  expect(await faultsOf(bundle.archive, signatureText(good.archive, secret, good.about))).toEqual([unsigned]);
  const stranger = readSecretKey(newKeyPair(null).secret_text, 'k', null);
  const [fault] = await faultsOf(bundle.archive, signatureText(bundle.archive, stranger, bundle.about));
  expect(fault).toMatch(/^it is signed by key [0-9A-F]{16}, not by /);
});

test('a verdict that its measurements do not give is refused, even if it was signed', async () => {
  expect(await signedAnew(changed(() => {}))).toEqual([]);
  expect(await signedAnew(edited('verdict.json', (verdict) => ({ ...Object(verdict), outcome: 'promoted' })))).toEqual([
    'verdict.json says promoted, the measurements say aborted',
  ]);
  expect(
    await signedAnew(edited('verdict.json', (v) => ({ ...Object(v), accuracy: { ...Object(v).accuracy, hours: 1 } }))),
  ).toEqual(['accuracy of verdict.json is not what the measurements say']);
  const healed = edited('timeline.json', (timeline) => ({ ...Object(timeline), runs: [] }));
  expect(await signedAnew(healed)).toContain('gates of verdict.json is not what the measurements say');
  const bought = edited('backtest.json', (report) => {
    const [{ backtest }] = Object(report).arms;
    return { arms: [{ backtest: { ...backtest, verdict: 'safe' } }] };
  });
  expect(await signedAnew(bought)).toContain('backtest.json says safe, its looks say win');
  const blank = edited('backtest.json', (report) => {
    const [{ backtest }] = Object(report).arms;
    const { abort, safe, win } = Object(backtest).theta;
    const theta = { abort: { ...abort, look: null }, safe: { ...safe, look: null }, win: { ...win, look: null } };
    return { arms: [{ backtest: { ...backtest, theta } }] };
  });
  expect(await signedAnew(blank)).toContain('backtest.json says win, its looks say none');
  const otherPlan = changed((files) => files.set('plan.yaml', Buffer.from(`${plan}# more\n`)));
  expect(await signedAnew(otherPlan)).toEqual(['plan.yaml is not the one that inputs.json names']);
  expect(await signedAnew(changed((files) => files.set('gates.json', Buffer.from('[{}]'))))).not.toEqual([]);
});

test('an archive with anything but plain files is not unpacked', async () => {
  const odd = async (header: Parameters<ReturnType<typeof pack>['entry']>[0]) => {
    const tar = pack();
    if (header.type === 'symlink') tar.entry(header);
    else tar.entry(header, 'x');
    tar.finalize();
    return (await faultsOf(gzipSync(await buffer(tar))))[1];
  };
  expect(await odd({ name: 'verdict.json', type: 'symlink', linkname: '/etc/passwd' })).toContain('is a symlink');
  expect(await odd({ name: '../verdict.json' })).toContain('is no name of a file of evidence');
  expect(await odd({ name: '/verdict.json' })).toContain('is no name of a file of evidence');
  const tar = gunzipSync(bundle.archive);
  expect((await faultsOf(gzipSync(tar.subarray(0, 700))))[1]).toContain('the archive cannot be read');
  expect((await faultsOf(Buffer.from('no archive')))[1]).toContain('the archive cannot be read');
});

test('a run without its evidence, or changed since, is not packed', async () => {
  const run = mkdtempSync(join(tmpdir(), 'gridramp-evidence-'));
  await expect(bundleOf(run)).rejects.toThrow(/lacks verdict.json, report.html, plan.yaml.*rehearse again/);
  await writeExampleRun(run, plan, 'good');
  const verdict = JSON.parse(readFileSync(join(run, 'verdict.json'), 'utf8'));
  writeFileSync(join(run, 'verdict.json'), JSON.stringify({ ...verdict, outcome: 'aborted' }));
  await expect(bundleOf(run)).rejects.toThrow(/verdict\.json says aborted, the measurements say promoted/);
  rmSync(run, { recursive: true });
});
