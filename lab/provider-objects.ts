import {
  ApiException,
  type KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  PatchStrategy,
} from '@kubernetes/client-node';
import type {
  CheckResult,
  CreateResult,
  DiffResult,
  Provider,
  ReadResult,
  UpdateResult,
} from '@pulumi/pulumi/provider/provider.js';
import { diffOf, faultsOf, idOf, nameOf, type ObjectInputs, objectOf, secretOf } from './provider-inputs.ts';
import { withoutForeign } from './provider-ownership.ts';
import { message } from './watch.ts';

const FIELD_MANAGER = 'pulumi';
/** As in the official provider: take over fields that another manager owns. */
const FORCE_ANNOTATION = 'pulumi.com/patchForce';

type Json = Record<string, unknown>;

/**
 * Stands in for the official Kubernetes provider where its plugin cannot be had: the lab. Any kind the API server serves, by
 * server-side apply; it waits for nothing.
 */
export class ObjectProvider implements Provider {
  /** That of the SDK it serves. */
  readonly version: string;
  readonly #api: KubernetesObjectApi;

  constructor(config: KubeConfig, version: string) {
    this.version = version;
    this.#api = KubernetesObjectApi.makeApiClient(config);
  }

  async check(urn: string, _olds: unknown, news: Json): Promise<CheckResult> {
    const metadata = { name: urn.split('::').at(-1), ...(news.metadata ?? {}) };
    const inputs = { ...news, metadata };
    const failures = faultsOf(inputs).map(([property, reason]) => ({ property, reason }));
    return { inputs, failures };
  }

  async diff(_id: string, _urn: string, olds: Json, news: Json): Promise<DiffResult> {
    return diffOf(olds.__inputs, news);
  }

  async create(_urn: string, inputs: Json): Promise<CreateResult> {
    const live = await this.#apply(objectOf(inputs));
    return { id: idOf({ metadata: live.metadata ?? {} }), outs: outputsOf(live, inputs) };
  }

  async read(id: string, _urn: string, props: Json): Promise<ReadResult> {
    const inputs = props.__inputs ?? props;
    const live = await this.#read(objectOf(inputs));
    return live === undefined ? { id: '', props: {} } : { id, props: outputsOf(live, inputs), inputs };
  }

  /** `ignoreChanges` comes among the inputs: see `passIgnoreChanges`. */
  async update(_id: string, _urn: string, _olds: Json, news: Json): Promise<UpdateResult> {
    const { [IGNORED]: ignored, ...inputs } = news;
    const wanted = objectOf(inputs);
    const live = Array.isArray(ignored) && ignored.length > 0 ? await this.#read(wanted) : undefined;
    const fields = live?.metadata?.managedFields ?? [];
    const paths = Array.isArray(ignored) ? ignored.map(String) : [];
    const applied = await this.#apply(objectOf(withoutForeign(wanted, paths, fields, FIELD_MANAGER)));
    return { outs: outputsOf(applied, inputs) };
  }

  async delete(_id: string, _urn: string, props: Json): Promise<void> {
    const object = objectOf(props.__inputs);
    try {
      await this.#api.delete(object, undefined, undefined, undefined, undefined, 'Background');
    } catch (error) {
      if (!isGone(error)) throw refusal(`${nameOf(object)} could not be deleted`, error);
    }
  }

  async #apply(object: ObjectInputs): Promise<KubernetesObject> {
    const force = object.metadata.annotations?.[FORCE_ANNOTATION] === 'true';
    try {
      return await this.#api.patch(object, undefined, undefined, FIELD_MANAGER, force, PatchStrategy.ServerSideApply);
    } catch (error) {
      throw refusal(`${nameOf(object)} was not accepted`, error);
    }
  }

  async #read({
    apiVersion,
    kind,
    metadata: { name, namespace },
  }: ObjectInputs): Promise<KubernetesObject | undefined> {
    try {
      return await this.#api.read({
        apiVersion,
        kind,
        metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
      });
    } catch (error) {
      if (isGone(error)) return undefined;
      throw refusal(`${kind} ${name} could not be read`, error);
    }
  }
}

/** Key under which `ignoreChanges` travels among the inputs of an update. */
export const IGNORED = '__ignoreChanges';

/** What lives, as Pulumi keeps it, with the inputs it came from. */
function outputsOf(live: KubernetesObject, inputs: unknown): Json {
  // Dates become texts.
  const object: unknown = JSON.parse(JSON.stringify(live));
  const { data, stringData, ...rest } = object as Json;
  const hide = live.kind === 'Secret' ? secretOf : (value: unknown) => value;
  return {
    ...rest,
    ...(data === undefined ? {} : { data: hide(data) }),
    ...(stringData === undefined ? {} : { stringData: hide(stringData) }),
    __inputs: inputs,
  };
}

/** Also when the kind itself is gone, with its definition. */
function isGone(error: unknown): boolean {
  if (error instanceof ApiException) return error.code === 404;
  return error instanceof Error && error.message.startsWith('Unrecognized API version and kind');
}

/** Everything the API server says, each cause on a line of its own. */
function refusal(what: string, error: unknown): Error {
  if (!(error instanceof ApiException)) return new Error(`${what}: ${message(error)}`, { cause: error });
  const status = statusOf(error.body);
  const causes = (status.details?.causes ?? []).map(({ field, message: why }) => `  ${field ?? '?'}: ${why ?? '?'}`);
  const head = `${what} (${[error.code, status.reason].join(' ').trim()}): ${status.message ?? error.message}`;
  return new Error([head, ...causes].join('\n'), { cause: error });
}

type Status = { reason?: string; message?: string; details?: { causes?: { field?: string; message?: string }[] } };

function statusOf(body: unknown): Status {
  try {
    // The API server answers errors with a meta/v1 Status, which the client hands on as text or parsed.
    return (typeof body === 'string' ? JSON.parse(body) : body) as Status;
  } catch {
    return { message: String(body).slice(0, 500) };
  }
}
