/**
 * The registry: a folder of content-addressed artefacts that pods, scorer and commands share.
 *   models/<hex>/manifest.json + the files it names   (hex: sha256 of manifest.json's bytes)
 *   releases/<hex>.json                               (canonical JSON of a Release; hex: its digest)
 *   backtests/<hex>.json                              (a Backtest of core/judge/backtest.ts; hex: the candidate release's digest)
 */
export const registryPath = {
  model: (digest: string) => `models/${hexOf(digest)}`,
  release: (digest: string) => `releases/${hexOf(digest)}.json`,
  backtest: (candidateRelease: string) => `backtests/${hexOf(candidateRelease)}.json`,
};

function hexOf(digest: string): string {
  const hex = /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1];
  if (hex === undefined) throw new RangeError(`"${digest}" is not a digest like sha256:<64 hex digits>`);
  return hex;
}
