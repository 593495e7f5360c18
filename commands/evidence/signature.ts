import { createHash, sign, verify } from 'node:crypto';
import { keyName, type PublicKey, type SecretKey } from './key.ts';

const PREHASHED = Buffer.from('ED');
const SIGNATURE_BYTES = 64;
const LINE_BYTES = 2 + 8 + SIGNATURE_BYTES;
const UNTRUSTED = 'untrusted comment: ';
const TRUSTED = 'trusted comment: ';

/** `FILE.minisig` of `contents`: Ed25519 over its BLAKE2b-512, then over that signature and the trusted comment (one line). */
export function signatureText(contents: Buffer, { id, key }: SecretKey, trusted_comment: string): string {
  if (/[\r\n]/.test(trusted_comment)) throw new RangeError('a trusted comment is one line');
  const signature = sign(null, digest(contents), key);
  const whole = sign(null, Buffer.concat([signature, Buffer.from(trusted_comment)]), key);
  return `${UNTRUSTED}signature by gridramp's evidence key ${keyName(id)}
${Buffer.concat([PREHASHED, id, signature]).toString('base64')}
${TRUSTED}${trusted_comment}
${whole.toString('base64')}
`;
}

export type Signed = { trusted_comment: string } | { faults: string[] };

/** What is wrong with a signature of `contents`, or the comment that it proves. */
export function verifySignature(contents: Buffer, text: string, { id, key }: PublicKey): Signed {
  const [untrusted = '', line = '', trusted = '', whole_line = ''] = text.split(/\r?\n/);
  const [bytes, whole] = [Buffer.from(line, 'base64'), Buffer.from(whole_line, 'base64')];
  const formed = untrusted.startsWith(UNTRUSTED) && trusted.startsWith(TRUSTED);
  if (
    !formed ||
    bytes.length !== LINE_BYTES ||
    whole.length !== SIGNATURE_BYTES ||
    !bytes.subarray(0, 2).equals(PREHASHED)
  )
    return { faults: ['the signature is not a prehashed minisign signature'] };
  const signer = bytes.subarray(2, 10);
  if (!signer.equals(id)) return { faults: [`it is signed by key ${keyName(signer)}, not by ${keyName(id)}`] };
  const [signature, comment] = [bytes.subarray(10), trusted.slice(TRUSTED.length)];
  const faults = [];
  if (!verify(null, digest(contents), key, signature)) faults.push('the signature is not of this archive');
  if (!verify(null, Buffer.concat([signature, Buffer.from(comment)]), key, whole))
    faults.push('the trusted comment is not the one that was signed');
  return faults.length > 0 ? { faults } : { trusted_comment: comment };
}

function digest(contents: Buffer): Buffer {
  return createHash('blake2b512').update(contents).digest();
}
