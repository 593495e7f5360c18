import { ARM_PATTERN, isDigest } from './release.ts';

/**
 * The registry: a folder of content-addressed artefacts that pods, scorer and commands share.
 *   models/<hex>/manifest.json + the files it names   (hex: sha256 of manifest.json's bytes)
 *   published/<name>/<6 digits>.json                  (a Publication of model-server/registry/publications.ts; the last one holds)
 *   retrainings/<name>.json                           (a RetrainingRecord of model-server/retraining/record.ts; replaced by each run)
 *   releases/<hex>.json                               (canonical JSON of a Release; hex: its digest)
 *   backtests/<hex>.json                              (a Backtest of core/judge/backtest.ts; hex: the candidate release's digest)
 *   backtests/<hex>-<arm>.json                        (the same of one arm, where the release has several)
 *   backtests/<hex>/<hex>.json, <hex>-<arm>.json      (the last one against each stable release: the second hex)
 */
export const registryPath = {
  model: (digest: string) => `models/${hexOf(digest)}`,
  publications: (name: string) => `published/${publicName(name)}`,
  publication: (name: string, count: number) => `published/${publicName(name)}/${String(count).padStart(6, '0')}.json`,
  retraining: (name: string) => `retrainings/${publicName(name)}.json`,
  release: (digest: string) => `releases/${hexOf(digest)}.json`,
  backtest: (candidateRelease: string, arm?: string) => `backtests/${ofArm(candidateRelease, arm)}.json`,
  pairBacktest: (candidateRelease: string, stableRelease: string, arm?: string) =>
    `backtests/${hexOf(candidateRelease)}/${ofArm(stableRelease, arm)}.json`,
};

/** Within the folder of learned states (`serverEnv.states`): one arm of a release. */
export function statesPath(release: string, arm: string): string {
  return `${hexOf(release)}/${armName(arm)}`;
}

function ofArm(release: string, arm: string | undefined): string {
  return `${hexOf(release)}${arm === undefined ? '' : `-${armName(arm)}`}`;
}

function publicName(name: string): string {
  if (!new RegExp(ARM_PATTERN).test(name)) throw new RangeError(`"${name}" is not a name like "forecast-2"`);
  return name;
}

function armName(arm: string): string {
  if (!new RegExp(ARM_PATTERN).test(arm)) throw new RangeError(`"${arm}" is not the name of an arm like "candidate-2"`);
  return arm;
}

function hexOf(digest: string): string {
  if (!isDigest(digest)) throw new RangeError(`"${digest}" is not a digest like sha256:<64 hex digits>`);
  return digest.slice('sha256:'.length);
}
