import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bodies, type PeerBody, weeks } from '../../bench/server/bodies.ts';
import { weightsOf } from '../../bench/server/network.ts';
import { onnxModel } from '../../bench/server/onnx.ts';
import { cacheRoot, folderOf, keyOf, logFolder, make } from '../bootstrap/artefact.mjs';
import { runProgram } from '../bootstrap/run-program.mjs';
import { answered, type Server, startAt } from './process.ts';

/** A server that is asked for forecasts of histories in the request. */
export type Contender = { name: string; server: Server; path: string; body: PeerBody };

type Peer = { key: string; name: string; path: string; body: PeerBody; command: (port: string) => string[] };

/** Each with its own packages: they do not agree on one version of FastAPI. Versions: bench/server/python/*.txt. */
const peers: readonly Peer[] = [
  {
    ...{ key: 'kserve', name: 'KServe 0.21, v1', path: '/v1/models/network:predict', body: bodies.instances },
    command: () => ['kserve_server.py'],
  },
  {
    ...{ key: 'mlserver', name: 'MLServer 1.7, v2', path: '/v2/models/network/infer', body: bodies.tensors },
    command: () => ['mlserver_server.py'],
  },
  {
    ...{ key: 'bentoml', name: 'BentoML 1.4', path: '/predict', body: bodies.peers },
    command: (port) => ['-m', 'bentoml', 'serve', 'bentoml_server:Network', '--host', '127.0.0.1', '--port', port],
  },
  {
    ...{ key: 'fastapi', name: 'FastAPI + orjson + ONNX Runtime', path: '/predict', body: bodies.peers },
    command: () => ['fastapi_server.py'],
  },
];

const SOURCES = fileURLToPath(new URL('../../bench/server/python/', import.meta.url));
/** Packages are pinned as wheels of this Python for Linux on x86-64. */
const PYTHON = 'python3.11';

/** Starts them one after the other, into `contenders`, so that whoever ends those ends all that were started. */
export async function startPythonPeers(folder: string, contenders: Contender[]): Promise<void> {
  const model = join(folder, 'network.onnx');
  await writeFile(model, onnxModel(weightsOf(1)));
  for (const { key, command, ...peer } of peers) {
    const python = join(await environment(key), 'bin', 'python');
    const port = String(await freePort());
    const env = {
      ...{ MODEL: model, PORT: port, PYTHONDONTWRITEBYTECODE: '1' },
      ...{ BENTOML_HOME: folder, BENTOML_DO_NOT_TRACK: 'True', NO_COLOR: '1' },
    };
    const server = startAt(`http://127.0.0.1:${port}`, python, command(port), { env, cwd: SOURCES });
    contenders.push({ ...peer, server });
    const [method, headers] = ['POST', { 'content-type': 'application/json' }];
    const body = new Uint8Array(peer.body(weeks(1, 0)));
    await answered((signal) => fetch(server.url + peer.path, { method, headers, body, signal }), peer.name);
  }
}

/** The folder of a Python with a peer's packages, which pip installs by hash the first time. */
async function environment(key: string): Promise<string> {
  const requirements = join(SOURCES, `${key}.txt`);
  const artefact = {
    ...{ name: `peer-${key}`, title: `Python packages of ${key}`, typical_s: 90, disk_mb: 600 },
    key: keyOf([1, PYTHON, await readFile(requirements, 'utf8')]),
    files: ['pyvenv.cfg', 'bin/python'],
    tools: [],
    async make(folder: string, { log }: { log: string }) {
      await runProgram(PYTHON, ['-m', 'venv', folder], { cwd: folder, log });
      const pip = [
        '-m',
        'pip',
        'install',
        '--no-input',
        '--disable-pip-version-check',
        '--no-deps',
        '--only-binary=:all:',
      ];
      const args = [...pip, '--require-hashes', '-r', requirements];
      await runProgram(join(folder, 'bin', 'python'), args, { cwd: folder, log });
    },
  };
  const cache = cacheRoot();
  await mkdir(logFolder(cache), { recursive: true });
  const log = join(logFolder(cache), `peer-${key}.log`);
  await make(cache, artefact, { log, say: (detail: string) => console.error(`${artefact.title}: ${detail}`) });
  return folderOf(cache, artefact);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
