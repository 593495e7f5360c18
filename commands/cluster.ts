import { KubeConfig } from '@kubernetes/client-node';
import { fetch } from 'undici';
import { InputError } from '../core/input-error.ts';
import { signedGet } from '../lab/signed-get.ts';
import { ClusterError } from './cluster-error.ts';

/** What the client falls back to where there is no kubeconfig at all. */
const NO_KUBECONFIG = 'http://localhost:8080';
const ANSWER_MS = 10_000;

/** The cluster of a kubeconfig: the file's path or its text, or else $KUBECONFIG or ~/.kube/config. Throws an InputError where it names none. */
export function clusterOf(file: string | undefined, context: string | undefined): KubeConfig {
  const config = new KubeConfig();
  try {
    if (file === undefined) config.loadFromDefault();
    else if (/[\n{]/.test(file)) config.loadFromString(file);
    else config.loadFromFile(file);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new InputError([{ place: '--kubeconfig', message, fix: 'give the path of a kubeconfig' }], { cause });
  }
  if (context !== undefined) {
    if (config.getContextObject(context) === null)
      throw new InputError([
        {
          place: '--context',
          message: `the kubeconfig has no context "${context}"`,
          fix: `it has ${
            config
              .getContexts()
              .map(({ name }) => name)
              .join(', ') || 'none'
          }`,
        },
      ]);
    config.setCurrentContext(context);
  }
  if ([undefined, NO_KUBECONFIG].includes(config.getCurrentCluster()?.server))
    throw new InputError([
      { place: '--kubeconfig', message: 'no cluster is named', fix: 'give --kubeconfig FILE or --context NAME' },
    ]);
  return config;
}

/** What the API server has at a path; null where it has nothing. Throws where it cannot say within ten seconds. */
export async function readCluster(config: KubeConfig, path: string): Promise<unknown> {
  const { url, ...request } = await signedGet(config, path).catch((cause: Error) => {
    throw new ClusterError(`the kubeconfig's user cannot sign in: ${cause.message}`, { cause });
  });
  const response = await fetch(url, {
    ...request,
    signal: AbortSignal.timeout(ANSWER_MS),
  }).catch((cause: Error) => {
    const reason = cause.cause instanceof Error ? cause.cause.message : cause.message;
    throw new ClusterError(`the API server ${new URL(url).origin} cannot be asked: ${reason}`, { cause });
  });
  if (response.status === 404) {
    await response.body?.cancel();
    return null;
  }
  if (!response.ok)
    throw new ClusterError(`GET ${path} was answered ${response.status}: ${(await response.text()).slice(0, 300)}`);
  return response.json();
}
