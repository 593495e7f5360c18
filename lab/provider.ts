/** The stand-in provider as a program: provider.ts KUBECONFIG. It listens on a free port of 127.0.0.1 and says which. */
import { KubeConfig } from '@kubernetes/client-node';
import protocol from '@pulumi/pulumi/proto/provider_grpc_pb.js';
import type { UpdateRequest } from '@pulumi/pulumi/proto/provider_pb.js';
import { main } from '@pulumi/pulumi/provider/server.js';
import { InputError } from '../core/input-error.ts';
import { IGNORED, ObjectProvider } from './provider-objects.ts';
import { PROVIDER_READY, sdkVersion } from './provider-place.ts';

/**
 * Pulumi's server for providers keeps `ignoreChanges` of an update to itself, but without it an apply takes back what Argo
 * Rollouts has written. So the request is given it among its inputs, where `ObjectProvider.update` looks for it.
 */
function passIgnoreChanges(): void {
  const { update } = protocol.ResourceProviderService;
  const deserialize = update.requestDeserialize;
  update.requestDeserialize = (bytes): UpdateRequest => {
    const request = deserialize(bytes);
    const news = request.getNews();
    const ignored = request.getIgnorechangesList();
    if (news === undefined || ignored.length === 0) return request;
    const plus = protobufStruct(news).fromJavaScript({ ...news.toJavaScript(), [IGNORED]: ignored });
    return request.setNews(plus);
  };
}

type Struct = NonNullable<ReturnType<UpdateRequest['getNews']>>;

function protobufStruct(message: Struct) {
  return message.constructor as unknown as { fromJavaScript(value: Record<string, unknown>): Struct };
}

const [kubeconfig] = process.argv.slice(2);
if (kubeconfig === undefined)
  throw new InputError([{ place: 'provider.ts', message: 'lacks its kubeconfig', fix: 'run provider.ts KUBECONFIG' }]);
const config = new KubeConfig();
config.loadFromFile(kubeconfig);
passIgnoreChanges();
await main(new ObjectProvider(config, sdkVersion()), []);
console.log(PROVIDER_READY);
