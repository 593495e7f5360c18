import { createHash } from 'node:crypto';

/** What makes a release: any change of it is another release, judged anew. */
export type Release = {
  /** Image reference by digest. */
  image: string;
  /** Digest of the model artefact's manifest, `sha256:…`. */
  model: string;
  /** Where a release has several arms: each arm's model, the default arm's `model` among them. Calls that name no arm get the default one. */
  arms?: Record<string, string>;
  flags: Record<string, unknown>;
  server: ServerSettings;
};

/**
 * What can compute a network: our own code; TensorFlow.js on a GPU, natively, as WebAssembly, and in plain JavaScript.
 * docs/decisions/backends.md says what each is good for.
 */
export const backendNames = ['simd', 'gpu', 'native', 'wasm', 'js'] as const;
export type BackendName = (typeof backendNames)[number];

/** How the release's servers work. */
export type ServerSettings = {
  /** Those that are tried, one after another; absent: simd, wasm, js. After the last, a statistical forecast answers. */
  backends?: readonly BackendName[];
};

/** Most arms of one release, and what an arm may be called: it is a metric's label and a part of file names. */
export const MAX_ARMS = 8;
export const ARM_PATTERN = '^[a-z0-9][a-z0-9-]{0,62}$';

/** A digest as this repository writes it. */
export const DIGEST_PATTERN = '^sha256:[0-9a-f]{64}$';
const digestForm = new RegExp(DIGEST_PATTERN);

export function isDigest(text: string): boolean {
  return digestForm.test(text);
}

/** JSON with sorted keys and no white space: equal values give equal bytes. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

export function sha256(data: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(data).digest('hex')}`;
}

export function releaseDigest(release: Release): string {
  return sha256(canonicalJson(release));
}

/**
 * Digest of one forecast's inputs: station, issue hour and the history up to it as little-endian doubles
 * (NaN = missing). `history_kw` has length HISTORY_HOURS, oldest first, last = the issue hour.
 */
export function inputDigest(station_id: string, issue_h: number, history_kw: Float64Array): string {
  return `sha256:${inputHash(station_id, issue_h, history_kw).toString('hex')}`;
}

/** The same as 32 bytes. */
export function inputHash(station_id: string, issue_h: number, history_kw: Float64Array): Buffer {
  const hash = createHash('sha256').update(`${station_id}\n${issue_h}\n`);
  hash.update(new Uint8Array(history_kw.buffer, history_kw.byteOffset, history_kw.byteLength));
  return hash.digest();
}
