import { expect, test } from 'vitest';
import { openStore } from './open-store.ts';

const keys = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };
const name = `models/${'ab'.repeat(32)}/weights.bin`;

test.each([
  ['out/copies', `out/copies/${name}`],
  ['s3://models/grid', `s3://models/grid/${name}`],
  ['oci://registry.example/grid/models', `oci://registry.example/grid/models:${'ab'.repeat(32)}/weights.bin`],
  ['oci+http://10.0.0.1:5000/models/', `oci+http://10.0.0.1:5000/models:${'ab'.repeat(32)}/weights.bin`],
])('%s is a store', (address, path) => {
  expect(openStore(address, keys).path(name)).toBe(path);
});

test.each([
  ['oci://registry.example', /^oci:\/\/registry.example: names no repository of a registry; write oci:\/\/HOST/],
  ['oci://Registry/Models', /names no repository of a registry/],
  ['oci://user@host/models', /names no repository of a registry/],
  ['https://registry.example/models', /is no kind of store; write a folder, s3:/],
])('%s is none', (address, message) => {
  expect(() => openStore(address, keys)).toThrow(message);
});

test('half of a name and password is told at once', () => {
  expect(() => openStore('oci://host/models', { OCI_USERNAME: 'grid' })).toThrow(
    'OCI_PASSWORD: is not set, and the other is; set both',
  );
});

test('a registry that does not answer is named', async () => {
  const store = openStore('oci+http://127.0.0.1:1/models', {});
  await expect(store.read(name, 1)).rejects.toThrow(
    /^oci\+http:\/\/127.0.0.1:1\/models:\w{64}\/weights.bin: http:\/\/127.0.0.1:1 does not answer .*; check the address/,
  );
});
