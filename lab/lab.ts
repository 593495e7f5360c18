import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { PORT } from '../core/workload.ts';
import { apiserverUrl, controlPlanePorts, describeControlPlane, type Site } from './control-plane.ts';
import { issueCredentials, type User } from './credentials.ts';
import { ADMIN_PORT } from './envoy.ts';
import { Ending } from './lab-ending.ts';
import { labDir, writeLabFile } from './lab-list.ts';
import { isProcess, type LabEvent, type Part } from './process.ts';
import {
  describePrometheus,
  loseTargets,
  prometheusConfig,
  prometheusPorts,
  prometheusUrl,
  writePrometheusConfig,
} from './prometheus.ts';
import { LAB_MARK } from './reaper.ts';
import { ReaperWatch } from './reaper-watch.ts';
import { Runner } from './runner.ts';
import { claimSlot, type Slot } from './slot.ts';

export type LabOptions = {
  /** Folder of the binaries and of `crds/`; what GRIDRAMP_BIN says if absent. */
  bin?: string;
  onEvent?: (event: LabEvent) => void;
  /** What else runs in the lab: Envoy, translator, node agent, provider. */
  extra?: (site: Site) => readonly Part[];
  /** Its abort stops the lab. Without it the lab listens to SIGINT, SIGTERM and SIGHUP itself, and passes them on once it is gone. */
  signal?: AbortSignal;
};

export type Lab = Site & {
  runner: Runner;
  prometheusUrl: string;
  kubeconfig: (user: User) => string;
  /** `(await lab.client('admin')).makeApiClient(CoreV1Api)` */
  client: (user: User) => Promise<KubeConfig>;
  loseTargets: () => Promise<void>;
  /** Resolves when the lab could not be kept running, with the reason; it is being stopped then. Never rejects. */
  failed: Promise<Error>;
  /** Nothing of the lab is left when this resolves. */
  stop: () => Promise<void>;
  /** From now on the lab outlives this process, without anyone to restart what dies; `stopLab(id)` ends it. */
  keep: () => Promise<void>;
};

/** Starts a lab and resolves when all of it is ready. However this process ends, nothing of the lab is left, unless it is kept. */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const bin = options.bin ?? process.env.GRIDRAMP_BIN;
  if (bin === undefined) throw new Error('GRIDRAMP_BIN is not set: start this by its npm script, which sets it');
  const { signal } = options;
  signal?.throwIfAborted();
  const id = randomBytes(3).toString('hex');
  const slot = await claimSlot([...controlPlanePorts, ...prometheusPorts, ADMIN_PORT, PORT]);
  const failed = Promise.withResolvers<Error>();
  // The reaper comes first: from here on there is something to clean up.
  const reaper = new ReaperWatch(id, labDir(id), slot.claim, failed.resolve);
  const building = build(id, bin, slot, options, failed.resolve);
  const ending = new Ending(async () => {
    // What is still being written would outlive its folder's removal. Whoever awaits the lab learns why it could not be built.
    const built = await building.catch(() => undefined);
    try {
      await built?.runner.stop();
    } finally {
      await reaper.reap().finally(() => slot.release());
    }
  }, signal);
  try {
    const { site, runner } = await building;
    signal?.throwIfAborted();
    await runner.start();
    failed.promise.then(() => ending.stop()).catch((error: unknown) => console.error(error));
    return labOf({ site, runner, failed: failed.promise, ending, reaper, slot });
  } catch (error) {
    await ending.stop();
    signal?.throwIfAborted();
    throw error;
  }
}

/** All parts of a lab at a site; `dryRun` prints them. */
export function describeLab(site: Site, extra: LabOptions['extra']): Part[] {
  return [...describeControlPlane(site), describePrometheus(site), ...(extra?.(site) ?? [])];
}

async function build(id: string, bin: string, slot: Slot, options: LabOptions, fail: (error: Error) => void) {
  const site = await furnish(id, bin, slot);
  return { site, runner: await buildRunner(site, options, fail) };
}

/** The lab's folder with all that its processes read. */
async function furnish(id: string, bin: string, { slot, host }: Slot): Promise<Site> {
  const dir = labDir(id);
  await mkdir(dir, { mode: 0o700 });
  await Promise.all(['logs', 'tmp'].map((folder) => mkdir(join(dir, folder), { mode: 0o700 })));
  await writeLabFile({ id, slot, kept: false });
  const credentials = await issueCredentials(dir, host, apiserverUrl(host));
  await writePrometheusConfig(dir, prometheusConfig(credentials.kubeconfig('prometheus')));
  return { id, bin, dir, slot, host, credentials };
}

async function buildRunner(site: Site, { onEvent, extra }: LabOptions, fail: (error: Error) => void): Promise<Runner> {
  const parts = describeLab(site, extra);
  await checkCommands(parts);
  return new Runner({
    parts,
    dir: site.dir,
    env: environment(site),
    onEvent: (event) => {
      onEvent?.(event);
      if (event.kind === 'failed') fail(new Error(event.detail));
    },
  });
}

/** Little of this process's own environment: a proxy or a kubeconfig of the user's must not change what a lab does. */
function environment({ id, bin, dir }: Site): Record<string, string> {
  const path = [dirname(process.execPath), bin, process.env.PATH ?? ''].join(':');
  return { PATH: path, HOME: dir, TMPDIR: join(dir, 'tmp'), TZ: 'UTC', GRIDRAMP_BIN: bin, [LAB_MARK]: id };
}

async function checkCommands(parts: readonly Part[]): Promise<void> {
  const commands = [...new Set(parts.filter(isProcess).map(({ command }) => command))];
  const found = await Promise.all(
    commands.map((command) =>
      access(command, constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  const missing = commands.filter((_, index) => !found[index]);
  if (missing.length > 0)
    throw new Error(`these programs are missing or not executable: ${missing.join(', ')}; run the bootstrap again`);
}

type Running = {
  site: Site;
  runner: Runner;
  failed: Promise<Error>;
  ending: Ending;
  reaper: ReaperWatch;
  slot: Slot;
};

function labOf({ site, runner, failed, ending, reaper, slot }: Running): Lab {
  return {
    ...site,
    runner,
    failed,
    prometheusUrl: prometheusUrl(site.host),
    kubeconfig: site.credentials.kubeconfig,
    client: (user) => loadClient(site.credentials.kubeconfig(user)),
    loseTargets: () => loseTargets(site),
    stop: () => ending.stop(),
    keep: async () => {
      await runner.abandon();
      await reaper.keep();
      await writeLabFile({ id: site.id, slot: slot.slot, kept: true });
      ending.dismiss();
      await slot.release();
    },
  };
}

/** The client library takes half a second to load: nobody waits for it who does not use it. */
async function loadClient(kubeconfig: string): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  return config;
}
