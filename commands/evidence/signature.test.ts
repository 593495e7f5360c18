import { expect, test } from 'vitest';
import { keyName, newKeyPair, readPublicKey, readSecretKey } from './key.ts';
import { signatureText, verifySignature } from './signature.ts';

/** Made by minisign 0.11 of Debian: `minisign -G` with the passphrase "secret words", and with -W; `minisign -S` of the text. */
const text = Buffer.from('a recorded year\n');
const minisign = {
  public: `untrusted comment: minisign public key 7645B66EBA5D5C0F
RWQPXF26brZFdqu6RjoIEqj7arMLCYqstjL6p53yACEuM5s+5NxcJLfO
`,
  secret: `untrusted comment: minisign encrypted secret key
RWRTY0IyosfbW558oGouYQoEY0MNS04kGS5ZTVzzswc9sEDefO0AAAACAAAAAAAAAEAAAAAAa4GAeTcBLwH2C7Nkgep5tfsR34VzREjOlA84NWgXvBPuHG19S4fAkD9YXejsI7Bn6u9oT9qkW6WwP/Y/S8GskkS1ncsg8zH5rydGJiaDKlgI/n98MsCIgVGNYXY4hJkx/l/tdsx3y+c=
`,
  open_secret: `untrusted comment: minisign encrypted secret key
RWQAAEIyAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIZ19QAYelaTzYIxznnHy14dqlCdXiazms/AjWb4sAiqKsnIq0yx1jcxjkXAqYnv4F6F1Y/WkDz0/p6xBS231ZA4BHy8xK3AdAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
`,
  signature: `untrusted comment: signature from minisign secret key
RUQPXF26brZFdkHoOMZhhj8Ffb8JXT8Ff4ckFndclfxLN21Pf/nxpMx9MDi2JZirMWmT+blGi8qutWXTFr3VZ5WtNmxEBWuJcQ4=
trusted comment: comment that is trusted
GZ5CJNCCwQrcn6ZJm6a1rfm38NR7OvQXQF8OsjRNtjUMR43TKNLjsatO/y90cMbFoDNL6fMmOQnexCIzAl6cAA==
`,
};

test("minisign's own signature holds, and any change of it does not", () => {
  const key = readPublicKey(minisign.public, 'k.pub');
  expect(keyName(key.id)).toBe('7645B66EBA5D5C0F');
  expect(verifySignature(text, minisign.signature, key)).toEqual({ trusted_comment: 'comment that is trusted' });
  expect(verifySignature(Buffer.from('another year\n'), minisign.signature, key)).toEqual({
    faults: ['the signature is not of this archive'],
  });
  expect(verifySignature(text, minisign.signature.replace('is trusted', 'is forged'), key)).toEqual({
    faults: ['the trusted comment is not the one that was signed'],
  });
  expect(verifySignature(text, 'nonsense', key)).toEqual({ faults: [expect.stringContaining('is not a prehashed')] });
});

test("minisign's encrypted secret key opens with its passphrase alone, and signs what minisign signed", () => {
  const key = readSecretKey(minisign.secret, 'k', 'secret words');
  expect(signatureText(text, key, 'comment that is trusted').split('\n').slice(1)).toEqual(
    minisign.signature.split('\n').slice(1),
  );
  expect(() => readSecretKey(minisign.secret, 'k', 'secret word')).toThrow(/^k: the passphrase is wrong/);
  expect(() => readSecretKey(minisign.secret, 'k', null)).toThrow(/^k: it is encrypted; set GRIDRAMP_KEY_PASSPHRASE/);
});

test("minisign's key without a passphrase opens, unless it is damaged", () => {
  expect(keyName(readSecretKey(minisign.open_secret, 'k', null).id)).toBe('A4951E06407D9D21');
  const damaged = minisign.open_secret.replace('IZ19QAYelaTzYIxz', 'IZ19QAYelaTzYIxy');
  expect(() => readSecretKey(damaged, 'k', null)).toThrow(/^k: is damaged/);
});

test.each([null, 'p w'])('a new key with passphrase %s signs for its own public key only', (passphrase) => {
  const [pair, other] = [newKeyPair(passphrase), newKeyPair(null)];
  const secret = readSecretKey(pair.secret_text, 'k', passphrase);
  const signed = signatureText(text, secret, 'c');
  expect(verifySignature(text, signed, readPublicKey(pair.public_text, 'p'))).toEqual({ trusted_comment: 'c' });
  expect(verifySignature(text, signed, readPublicKey(other.public_text, 'p'))).toEqual({
    faults: [`it is signed by key ${keyName(pair.id)}, not by ${keyName(other.id)}`],
  });
  // Somebody else's key that claims the same id.
  const claimed = { id: pair.id, key: readPublicKey(other.public_text, 'p').key };
  expect(verifySignature(text, signed, claimed)).toEqual({
    faults: ['the signature is not of this archive', 'the trusted comment is not the one that was signed'],
  });
});

test('what is no key is told', () => {
  expect(() => readPublicKey(minisign.secret, 'k')).toThrow(/^k: is not a minisign public key; name the .pub file/);
  expect(() => readSecretKey(minisign.public, 'k', null)).toThrow(/^k: is not a minisign secret key/);
});
