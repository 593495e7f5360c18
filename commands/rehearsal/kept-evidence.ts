import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringify } from 'yaml';
import { sha256 } from '../../core/release.ts';
import { isoOfHour } from '../../core/telemetry.ts';
import { telemetryDigest } from '../../model-server/train.ts';
import { servingResources } from '../../stacks/serving.ts';
import type { Pods } from './options.ts';
import type { Script, Seen } from './rehearsal.ts';
import type { Source } from './source.ts';
import type { ServingRelease } from './stack.ts';
import { gatesInPlan } from './verdict.ts';

/** Folder beside verdict.json with everything that the verdict rests on: what `npm run evidence -- pack` takes. */
export const EVIDENCE = 'evidence';

/** What went into a rehearsal: `inputs.json`. */
export type RehearsalInputs = Source & {
  lockfile: string;
  plan: string;
  telemetry: { name: string; digest: string; stations: number; from: string; hours: number };
  window: Script['window'];
  options: { scenario: string; seed: number; hours_per_s: number; fault_after_h: number; pods: Pods };
  releases: Seen['releases']['stable'][];
  images: { scorer: string; recomputer: string };
};

export async function keepEvidence(script: Script, seen: Seen): Promise<void> {
  const folder = path.join(script.options.out, EVIDENCE);
  await mkdir(folder, { recursive: true });
  const keep = (name: string, value: unknown) =>
    writeFile(path.join(folder, name), `${JSON.stringify(value, null, 1)}\n`);
  await writeFile(path.join(folder, 'plan.yaml'), script.plan_text);
  await keep('gates.json', gatesInPlan(script.plan));
  await keep('backtest.json', seen.backtest);
  await keep('timeline.json', seen.timeline);
  await keep('breach.json', seen.breach);
  await keep('inputs.json', await inputsOf(script, seen));
  await cp(path.join(script.root, 'package-lock.json'), path.join(folder, 'package-lock.json'));
  for (const release of seen.applied) await keepManifests(folder, release);
}

async function keepManifests(folder: string, release: ServingRelease): Promise<void> {
  const to = path.join(folder, 'manifests', release.target.release.slice('sha256:'.length, 'sha256:'.length + 12));
  await mkdir(to, { recursive: true });
  for (const { name, manifest } of servingResources({ ...release, aborted: [] }))
    await writeFile(
      path.join(to, `${name.replace('/', '-').toLowerCase()}.yaml`),
      stringify(manifest, { lineWidth: 0, aliasDuplicateObjects: false }),
    );
}

async function inputsOf(
  { root, source, options, plan_text, telemetry, window }: Script,
  seen: Seen,
): Promise<RehearsalInputs> {
  const { stable, candidate, images } = seen.releases;
  const { seed, hours_per_s, fault_after_h, scenario, pods } = options;
  return {
    ...source,
    lockfile: sha256(await readFile(path.join(root, 'package-lock.json'))),
    plan: sha256(plan_text),
    telemetry: {
      name: telemetry.name,
      digest: telemetryDigest(telemetry),
      stations: telemetry.stations.length,
      from: isoOfHour(telemetry.start_h),
      hours: telemetry.hours,
    },
    window,
    options: { scenario: scenario.name, seed, hours_per_s, fault_after_h, pods },
    releases: [stable, candidate],
    images: { scorer: images.scorer, recomputer: images.server },
  };
}
