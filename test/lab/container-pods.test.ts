import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CoreV1Api, type V1Pod } from '@kubernetes/client-node';
import { request } from 'undici';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { setUp } from '../../commands/bootstrap/setup.mjs';
import { PORT } from '../../core/workload.ts';
import { writeArchive } from '../../lab/container-image.ts';
import { leftovers } from '../../lab/container-leftovers.ts';
import { containerNodeProcess, nodeAddress } from '../../lab/container-place.ts';
import { containerFault } from '../../lab/container-rights.ts';
import { type Site, stage } from '../../lab/control-plane.ts';
import { type Lab, startLab } from '../../lab/lab.ts';
import { LAB_MARK, markedProcesses } from '../../lab/reaper.ts';

const WAIT = { timeout: 60_000, interval: 100 };
const root = join(import.meta.dirname, '..', '..');
const NAME = 'gridramp/echo';
/** What a machine without the rights is told is all that can be tested on it. */
const fault = containerFault();

let folder: string;
let image: string;
let tools: string;
let lab: Lab;

const startHere = () => startLab({ extra: (site) => [node(site)] });

function node(site: Site) {
  const images = [{ name: NAME, archive: join(folder, 'echo.tar') }];
  const dir = join(site.dir, 'node');
  const place = { name: 'container-0', labels: { role: 'test' }, taints: [], tools, dir, images };
  return containerNodeProcess(site, { ...place, addresses: [nodeAddress(site.slot)] }, [stage.roles, stage.access]);
}

beforeAll(async () => {
  if (fault !== undefined) return;
  tools = (await setUp(root, 'container-node', process.stderr)).bin ?? '';
  folder = await mkdtemp(join(tmpdir(), 'container-pods-'));
  const files = [{ path: 'pause', from: join(tools, 'pause'), mode: 0o755 }];
  image = `${NAME}@${await writeArchive(join(folder, 'echo.tar'), { name: NAME, files, entrypoint: ['/pause'] })}`;
  lab = await startHere();
});

afterAll(async () => {
  await lab?.stop();
  if (folder !== undefined) await rm(folder, { recursive: true });
});

/** An image that holds nothing but its sandbox's program; the rest of what the server runs on comes by read-only volumes. */
function echoPod(): V1Pod {
  const folders = ['/usr', '/lib', '/lib64', root];
  const podIP = { fieldRef: { fieldPath: 'status.podIP' } };
  return {
    metadata: { name: 'echo' },
    spec: {
      securityContext: { runAsUser: 10_001, seccompProfile: { type: 'RuntimeDefault' } },
      terminationGracePeriodSeconds: 1,
      nodeSelector: { role: 'test' },
      containers: [
        {
          name: 'echo',
          image,
          command: [process.execPath, join(root, 'test/lab/echo-server.ts')],
          env: [{ name: 'HOST', valueFrom: podIP }],
          readinessProbe: { httpGet: { path: '/readyz', port: PORT }, periodSeconds: 1, failureThreshold: 1 },
          securityContext: { readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
          volumeMounts: folders.map((mountPath, i) => ({ name: `v${i}`, mountPath, readOnly: true })),
        },
      ],
      volumes: folders.map((path, i) => ({ name: `v${i}`, hostPath: { path } })),
    },
  };
}

test('a pod of an image runs under the kubelet, and nothing of the lab is left after it; a machine without the rights says why', async () => {
  if (fault !== undefined) {
    await expect(startHere()).rejects.toThrow(fault.message);
    return;
  }
  const core = (await lab.client('admin')).makeApiClient(CoreV1Api);
  const namespace = 'default';
  await vi.waitUntil(
    () => core.readNamespacedServiceAccount({ name: namespace, namespace }).then(Boolean, () => false),
    WAIT,
  );
  await core.createNamespacedPod({ namespace, body: echoPod() });
  const status = async () => (await core.readNamespacedPod({ namespace, name: 'echo' })).status;
  const isReady = async () => (await status())?.containerStatuses?.[0]?.ready;
  await expect.poll(isReady, WAIT).toBe(true);

  const address = (await status())?.podIP ?? '';
  expect(address).toMatch(new RegExp(`^10\\.${lab.slot}\\.`));
  const ask = async (path: string) => (await request(`http://${address}:${PORT}${path}`)).body.json();
  expect(await ask('/self')).toMatchObject({ env: { HOST: address } });
  // Not a process of this machine's own: it is the first of its namespace.
  expect(await ask('/')).toMatchObject({ pid: 1 });

  await ask('/unready');
  await expect.poll(isReady, WAIT).toBe(false);
  await request(`http://${address}:${PORT}/crash`).catch(() => undefined);
  await expect.poll(async () => (await status())?.containerStatuses?.[0]?.restartCount, WAIT).toBe(1);
  await expect.poll(isReady, WAIT).toBe(true);

  expect(leftovers(lab.id)).not.toEqual([]);
  await lab.stop();
  expect(existsSync(lab.dir)).toBe(false);
  expect(markedProcesses(LAB_MARK, lab.id)).toEqual([]);
  expect(leftovers(lab.id)).toEqual([]);
  await expect(ask('/self')).rejects.toThrow();
});
