import { HttpMethod, type KubeConfig, RequestContext } from '@kubernetes/client-node';

/** What asks for an API path as the kubeconfig's user; rejects where that user cannot sign in. */
export async function signedGet(config: KubeConfig, path: string) {
  const url = `${config.getCurrentCluster()?.server ?? ''}${path}`;
  const context = new RequestContext(url, HttpMethod.GET);
  await config.applySecurityAuthentication(context);
  const dispatcher = context.getDispatcher();
  return { url, headers: context.getHeaders(), ...(dispatcher === undefined ? {} : { dispatcher }) };
}
