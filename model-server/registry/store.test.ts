import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { folderStore } from './folder-store.ts';
import { s3Store } from './s3-store.ts';
import type { Store } from './store.ts';
import { type StubS3, signatureOf, stubKeys, stubS3 } from './stub-s3.ts';

const BUCKET = 'forecast-models';
let folder: string;
let s3: StubS3;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gridramp-store-'));
  s3 = await stubS3(BUCKET);
});
afterEach(async () => {
  s3.close();
  await rm(folder, { recursive: true });
});

function environment() {
  return { AWS_ENDPOINT_URL_S3: s3.url, AWS_ACCESS_KEY_ID: stubKeys.id, AWS_SECRET_ACCESS_KEY: stubKeys.secret };
}

const bytes = (text: string) => new Uint8Array(Buffer.from(text));

describe.each<[string, () => Store]>([
  ['a folder', () => folderStore(folder)],
  ['a bucket', () => s3Store(`s3://${BUCKET}`, environment())],
  ['a bucket with a prefix', () => s3Store(`s3://${BUCKET}/grid/north_1/`, environment())],
])('%s', (_, open) => {
  test('gives back what was written, and says where there is nothing', async () => {
    const store = open();
    expect(await store.writeIfAbsent('models/a/weights.bin', bytes('one'))).toBe(true);
    expect(Buffer.from((await store.read('models/a/weights.bin', 3)) ?? []).toString()).toBe('one');
    expect(await store.read('models/a/manifest.json', 3)).toBeNull();
  });

  test('never replaces what is there', async () => {
    const store = open();
    await store.writeIfAbsent('models/a', bytes('one'));
    expect(await store.writeIfAbsent('models/a', bytes('two'))).toBe(false);
    expect(Buffer.from((await store.read('models/a', 3)) ?? []).toString()).toBe('one');
  });

  test('of two who write at once one is told that it was too late', async () => {
    const store = open();
    const written = await Promise.all(['one', 'two'].map((text) => store.writeIfAbsent('published/x', bytes(text))));
    expect(written.toSorted()).toEqual([false, true]);
  });

  test('lists every name of a folder, however many pages it takes', async () => {
    const store = open();
    const names = [
      'models/a/manifest.json',
      'models/a/weights.bin',
      'models/b/manifest.json',
      'models/c/x',
      'models/d',
    ];
    for (const name of [...names, 'modelsbeside', 'published/x']) await store.writeIfAbsent(name, bytes(name));
    expect(await store.list('models')).toEqual(names);
    expect(await store.list('nowhere')).toEqual([]);
  });

  test('reads no more than it was told to', async () => {
    const store = open();
    await store.writeIfAbsent('models/a', bytes('four'));
    await expect(store.read('models/a', 3)).rejects.toThrow(/models\/a: .* (more|longer) than 3/);
  });
});

test('the stub signs as Amazon documents it: GET Object of "Authenticating Requests: Using the Authorization Header"', () => {
  const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  const signed = [
    ['host', 'examplebucket.s3.amazonaws.com'],
    ['range', 'bytes=0-9'],
    ['x-amz-content-sha256', empty],
    ['x-amz-date', '20130524T000000Z'],
  ] as const;
  const url = new URL('https://examplebucket.s3.amazonaws.com/test.txt');
  expect(signatureOf({ method: 'GET', url, signed, region: 'us-east-1', secret: stubKeys.secret })).toBe(
    'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  );
});

test('a wrong key is refused, with the variables to check', async () => {
  const store = s3Store(`s3://${BUCKET}`, { ...environment(), AWS_SECRET_ACCESS_KEY: 'wrong' });
  await expect(store.read('models/a', 1)).rejects.toThrow(
    's3://forecast-models/models/a: the store answers 403 SignatureDoesNotMatch; check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY',
  );
});

test('a bucket that is not there is no empty one', async () => {
  const store = s3Store('s3://another-bucket', environment());
  await expect(store.read('models/a', 1)).rejects.toThrow(
    's3://another-bucket/models/a: the store answers 404 NoSuchBucket',
  );
  await expect(store.list('models')).rejects.toThrow('404 NoSuchBucket');
});

test('what is missing or wrong is said at once, without a call', () => {
  expect(() => s3Store('s3://b', {})).toThrow('--store: "s3://b" names no bucket; write s3://BUCKET');
  expect(() => s3Store('s3://bucket', { AWS_ENDPOINT_URL_S3: 'nowhere' })).toThrow(
    /AWS_ENDPOINT_URL_S3: "nowhere" is no URL.*\nAWS_ACCESS_KEY_ID: is not set.*\nAWS_SECRET_ACCESS_KEY: is not set/,
  );
});

test('a store that does not answer is named', async () => {
  const store = s3Store('s3://bucket', { ...environment(), AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1' });
  await expect(store.read('models/a', 1)).rejects.toThrow(/does not answer .*; check AWS_ENDPOINT_URL_S3/);
});
