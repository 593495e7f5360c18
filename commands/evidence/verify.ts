import { ArchiveError, type Files, unpacked } from './archive.ts';
import { REQUIRED } from './bundle.ts';
import type { PublicKey } from './key.ts';
import { compareManifest, type Manifest } from './manifest.ts';
import { verifySignature } from './signature.ts';
import { verdictFaults } from './verdict-faults.ts';

/** `faults` is empty for a bundle that holds; otherwise it names everything that does not. */
export type Checked = { faults: string[]; trusted_comment: string | null; manifest: Manifest | null; files: number };

/** Checks a bundle against the signature beside it, its own manifest and its own measurements. Needs nothing else: no network, no clock. */
export async function checkBundle(archive: Buffer, signature: string, key: PublicKey): Promise<Checked> {
  const signed = verifySignature(archive, signature, key);
  const trusted_comment = 'trusted_comment' in signed ? signed.trusted_comment : null;
  const faults = 'faults' in signed ? signed.faults : [];
  let files: Files;
  try {
    files = await unpacked(archive);
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    return {
      faults: [...faults, `the archive cannot be read: ${error.message}`],
      trusted_comment,
      manifest: null,
      files: 0,
    };
  }
  const { manifest, faults: differences } = compareManifest(files);
  const missing = REQUIRED.filter((name) => !files.has(name) && !differences.includes(`${name} is missing`));
  faults.push(...differences, ...missing.map((name) => `${name} is missing`));
  if (missing.length === 0 && differences.length === 0) faults.push(...verdictFaults(files));
  return { faults, trusted_comment, manifest, files: files.size };
}
