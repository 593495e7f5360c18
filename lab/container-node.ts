/**
 * The first process of a container node's namespaces (container-place.ts starts it): mounts, bridge and images, then containerd and the
 * kubelet. When either ends, it ends, and with it everything. Run as a program: container-node.ts DIR KUBELET [ARGS].
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeArchive } from './container-image.ts';
import { bridgeName, makeCgroups } from './container-leftovers.ts';
import { containerFiles, type NodeOrder, PAUSE_IMAGE } from './container-place.ts';

const POLL_MS = 25;
const CONTAINERD_MS = 30_000;

/** What a program prints goes to the node's log; its failure ends the node. */
function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
}

/** Programs that know no other place than /run and /var/lib write into this namespace and the lab's folder. */
function mountOwn(dir: string): void {
  const [upper, work] = [join(dir, 'var'), join(dir, 'var-work')];
  for (const folder of [upper, work]) mkdirSync(folder, { recursive: true });
  run('mount', '-t', 'overlay', 'overlay', '-o', `lowerdir=/var,upperdir=${upper},workdir=${work}`, '/var');
  run('mount', '-t', 'tmpfs', 'tmpfs', '/run');
}

function makeBridge({ id, addresses }: NodeOrder): void {
  const bridge = bridgeName(id);
  const network = addresses[0]?.replace(/\d+\.\d+$/, '') ?? '';
  for (const [name, own = []] of Object.entries(networkInterfaces()))
    if (name !== bridge && own.some(({ address }) => address.startsWith(network)))
      throw new Error(
        `pods would be at ${network}0.0/16, where this machine's ${name} is already: end what runs there`,
      );
  if (existsSync(join('/sys/class/net', bridge))) return;
  run('ip', 'link', 'add', bridge, 'type', 'bridge');
  for (const [i, address] of addresses.entries())
    run('ip', 'address', 'add', `${address}/${i === 0 ? 16 : 32}`, 'dev', bridge);
  run('ip', 'link', 'set', bridge, 'up');
}

function start(command: string, args: readonly string[]): ChildProcess {
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  const end = (why: string): void => {
    console.error(`${command} ${why}: the node ends`);
    process.exit(1);
  };
  child.once('error', (error) => end(error.message));
  child.once('exit', (code, signal) => end(`ended (${signal ?? code})`));
  return child;
}

async function answers(socket: string): Promise<boolean> {
  const connection = connect(socket);
  try {
    await once(connection, 'connect');
    return true;
  } catch {
    // Not there yet, or nobody listens yet.
    return false;
  } finally {
    connection.destroy();
  }
}

async function untilAnswers(socket: string): Promise<void> {
  const deadline_ms = performance.now() + CONTAINERD_MS;
  while (!(await answers(socket))) {
    if (performance.now() > deadline_ms) throw new Error(`containerd does not answer at ${socket}`);
    await delay(POLL_MS);
  }
}

/** The kubelet asks for a name without a registry as one of docker.io, so that is how it is known. */
async function importImages({ dir, tools, images }: NodeOrder): Promise<void> {
  const { socket, pause } = containerFiles(dir);
  const files = [{ path: 'pause', from: join(tools, 'pause'), mode: 0o755 }];
  await writeArchive(pause, { name: PAUSE_IMAGE, files, entrypoint: ['/pause'] });
  const load = (...args: string[]): void =>
    run('ctr', '--address', socket, '-n', 'k8s.io', 'images', 'import', ...args);
  load(pause);
  for (const { name, archive } of images) load('--base-name', `docker.io/${name}`, '--digests', archive);
}

async function main(dir: string, kubelet: string, args: readonly string[]): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit());
  const place = JSON.parse(readFileSync(containerFiles(dir).place, 'utf8')) as NodeOrder;
  const { containerd, socket } = containerFiles(dir);
  mountOwn(dir);
  makeBridge(place);
  makeCgroups(place.id);
  rmSync(socket, { force: true });
  start('containerd', ['--config', containerd, '--log-level', 'warn']);
  await untilAnswers(socket);
  await importImages(place);
  start(kubelet, args);
}

const [, , dir = '', kubelet = '', ...args] = process.argv;
await main(dir, kubelet, args);
