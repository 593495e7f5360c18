import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  scryptSync,
} from 'node:crypto';
import { blake2b } from '@noble/hashes/blake2.js';
import { InputError } from '../../core/input-error.ts';

/**
 * Keys in minisign's own format (https://jedisct1.github.io/minisign/), so that its program reads ours and we read its.
 *   public: "Ed" | id 8 | key 32
 *   secret: "Ed" | kdf 2 | "B2" | salt 32 | opslimit 8 | memlimit 8 | (id 8 | seed 32 | key 32 | checksum 32), the bracket XOR scrypt
 */
export type PublicKey = { id: Buffer; key: KeyObject };
export type SecretKey = { id: Buffer; key: KeyObject };

const ALGORITHM = Buffer.from('Ed');
const CHECKSUM = Buffer.from('B2');
const SCRYPT = Buffer.from('Sc');
const NO_KDF = Buffer.alloc(2);
/** What minisign takes for its keys: libsodium's "sensitive" limits, which are scrypt's N = 2^20, r = 8, p = 1. */
const OPSLIMIT = 33_554_432n;
const MEMLIMIT = 1_073_741_824n;
const COST = { N: 2 ** 20, r: 8, p: 1, maxmem: 2 ** 30 + 2 ** 24 };

const PUBLIC_BYTES = 42;
const SECRET_BYTES = 158;
const SEALED_BYTES = 104;

/** A new pair as the texts of its two files; without a passphrase whoever reads the secret file can sign. */
export function newKeyPair(passphrase: string | null): { public_text: string; secret_text: string; id: Buffer } {
  const { privateKey } = generateKeyPairSync('ed25519');
  const { d = '', x = '' } = privateKey.export({ format: 'jwk' });
  const [seed, point] = [Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')];
  const id = randomBytes(8);
  const salt = passphrase === null ? Buffer.alloc(32) : randomBytes(32);
  const limits = Buffer.alloc(16);
  if (passphrase !== null) {
    limits.writeBigUInt64LE(OPSLIMIT, 0);
    limits.writeBigUInt64LE(MEMLIMIT, 8);
  }
  // Like minisign: the checksum tells a wrong passphrase, and without one it is zero.
  const sealed =
    passphrase === null
      ? Buffer.concat([id, seed, point, Buffer.alloc(32)])
      : masked(Buffer.concat([id, seed, point, checksum(id, seed, point)]), passphrase, salt);
  const kdf = passphrase === null ? NO_KDF : SCRYPT;
  const secret = Buffer.concat([ALGORITHM, kdf, CHECKSUM, salt, limits, sealed]);
  return {
    id,
    public_text: textOf(`minisign public key ${keyName(id)}`, Buffer.concat([ALGORITHM, id, point])),
    secret_text: textOf(passphrase === null ? 'minisign secret key' : 'minisign encrypted secret key', secret),
  };
}

/** The id as minisign prints it. */
export function keyName(id: Buffer): string {
  return Buffer.from(id).reverse().toString('hex').toUpperCase();
}

export function readPublicKey(text: string, place: string): PublicKey {
  const bytes = payload(text, PUBLIC_BYTES, place, 'a minisign public key', 'name the .pub file of a key pair');
  return { id: bytes.subarray(2, 10), key: publicOf(bytes.subarray(10)) };
}

export function readSecretKey(text: string, place: string, passphrase: string | null): SecretKey {
  const bytes = payload(text, SECRET_BYTES, place, 'a minisign secret key', 'name the secret file of a key pair');
  const kdf = bytes.subarray(2, 4);
  const [salt, sealed] = [bytes.subarray(6, 38), bytes.subarray(SECRET_BYTES - SEALED_BYTES)];
  const encrypted = !kdf.equals(NO_KDF);
  const open = encrypted ? unsealed(sealed, salt, bytes.subarray(38, 54), kdf, passphrase, place) : sealed;
  const [id, seed, point] = [open.subarray(0, 8), open.subarray(8, 40), open.subarray(40, 72)];
  if (encrypted && !checksum(id, seed, point).equals(open.subarray(72)))
    throw fault(
      place,
      'the passphrase is wrong, or the key is damaged',
      'set GRIDRAMP_KEY_PASSPHRASE to the passphrase that it was made with',
    );
  const jwk = { kty: 'OKP', crv: 'Ed25519', d: seed.toString('base64url'), x: point.toString('base64url') };
  const key = createPrivateKey({ key: jwk, format: 'jwk' });
  if (createPublicKey(key).export({ format: 'jwk' }).x !== jwk.x)
    throw fault(place, 'is damaged: its two halves do not belong together', 'take it from a copy, or make another');
  return { id, key };
}

function unsealed(
  sealed: Buffer,
  salt: Buffer,
  limits: Buffer,
  kdf: Buffer,
  passphrase: string | null,
  place: string,
): Buffer {
  const known = kdf.equals(SCRYPT) && limits.readBigUInt64LE(0) === OPSLIMIT && limits.readBigUInt64LE(8) === MEMLIMIT;
  if (!known)
    throw fault(place, 'it is encrypted in a way that is not known here', 'make a key by npm run evidence -- keygen');
  if (passphrase === null) throw fault(place, 'it is encrypted', 'set GRIDRAMP_KEY_PASSPHRASE to its passphrase');
  return masked(sealed, passphrase, salt);
}

function masked(bytes: Buffer, passphrase: string, salt: Buffer): Buffer {
  const stream = scryptSync(passphrase, salt, SEALED_BYTES, COST);
  return Buffer.from(bytes.map((byte, i) => byte ^ (stream[i] ?? 0)));
}

function checksum(id: Buffer, seed: Buffer, point: Buffer): Buffer {
  return Buffer.from(blake2b(Buffer.concat([ALGORITHM, id, seed, point]), { dkLen: 32 }));
}

function publicOf(point: Buffer): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: point.toString('base64url') }, format: 'jwk' });
}

function textOf(comment: string, bytes: Buffer): string {
  return `untrusted comment: ${comment}\n${bytes.toString('base64')}\n`;
}

/** The bytes of a key file: a comment and a line of base64. */
function payload(text: string, length: number, place: string, what: string, fix: string): Buffer {
  const [comment = '', line = ''] = text.split(/\r?\n/);
  const bytes = Buffer.from(line, 'base64');
  const fits =
    comment.startsWith('untrusted comment:') && bytes.length === length && bytes.subarray(0, 2).equals(ALGORITHM);
  if (!fits) throw fault(place, `is not ${what}`, fix);
  return bytes;
}

function fault(place: string, message: string, fix: string): InputError {
  return new InputError([{ place, message, fix }]);
}
