import { readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { KubeConfig, type V1EndpointSlice, type V1Service } from '@kubernetes/client-node';
import { InputError } from '../core/input-error.ts';
import { envoyAdmin, ingressAddress } from './envoy.ts';
import { routesInForce } from './envoy-admin.ts';
import type { ProcessDescription } from './process.ts';
import { message } from './watch.ts';
import type { EnvoyFilter } from './xds-envoy-filter.ts';
import { XdsFiles } from './xds-files.ts';
import { Reconciler, Store } from './xds-objects.ts';
import { ROUTES_NAME } from './xds-resources.ts';
import type { VirtualService } from './xds-routes.ts';
import { type Resources, translate, type Wanted } from './xds-translate.ts';
import { type Sides, WeightsLog, weightsOf } from './xds-weights.ts';

export type TranslatorPlace = Sides & {
  kubeconfig: string;
  /** Namespace of the VirtualService and of the Services. */
  namespace: string;
  slot: number;
  /** Folder of Envoy's files and of weights.jsonl. */
  dir: string;
  /** JSON file: Service name → the loopback address that stands for its cluster address. */
  addresses: string;
};

const READY = 'Envoy is at what the objects say';
const RETRY_MS = 500;

/** The translator as a process of the lab. Link it to the step that creates the Istio CRDs and to Envoy. */
export function translatorProcess(place: TranslatorPlace, links: readonly string[]): ProcessDescription {
  const options = Object.entries(place).map(([name, value]) => `--${name}=${value}`);
  return {
    name: 'translator',
    command: process.execPath,
    args: [fileURLToPath(import.meta.url), ...options],
    links,
    ready: { kind: 'log', text: READY },
  };
}

/** Follows the objects that decide where requests go, and keeps Envoy at what they say. */
class Translator {
  readonly #place: TranslatorPlace;
  readonly #files: XdsFiles;
  readonly #weights: WeightsLog;
  readonly #serviceAddresses: Readonly<Record<string, string>>;
  readonly #virtualServices: Store<VirtualService>;
  readonly #envoyFilters: Store<EnvoyFilter>;
  readonly #services: Store<V1Service>;
  readonly #endpointSlices: Store<V1EndpointSlice>;
  /** The last objects that could be translated: a fault in new ones must not keep endpoints from following their pods. */
  #routing: Pick<Wanted, 'virtualServices' | 'envoyFilters'> = { virtualServices: [], envoyFilters: [] };
  #complaint = '';
  #isReady = false;

  constructor(place: TranslatorPlace) {
    this.#place = place;
    this.#files = new XdsFiles(place.dir, envoyAdmin(place.slot));
    this.#weights = new WeightsLog(place.dir);
    this.#serviceAddresses = readAddresses(place.addresses);
    const { trigger } = new Reconciler(() => this.#apply(), RETRY_MS);
    const own = `namespaces/${place.namespace}`;
    this.#virtualServices = new Store(`/apis/networking.istio.io/v1/${own}/virtualservices`, trigger);
    // Of every namespace: an EnvoyFilter lives with its gateway or in Istio's root namespace.
    this.#envoyFilters = new Store('/apis/networking.istio.io/v1alpha3/envoyfilters', trigger);
    this.#services = new Store(`/api/v1/${own}/services`, trigger);
    this.#endpointSlices = new Store(`/apis/discovery.k8s.io/v1/${own}/endpointslices`, trigger);
  }

  get #stores() {
    return [this.#virtualServices, this.#envoyFilters, this.#services, this.#endpointSlices] as const;
  }

  async run(signal: AbortSignal): Promise<void> {
    const config = new KubeConfig();
    config.loadFromFile(this.#place.kubeconfig);
    await Promise.all(this.#stores.map((store) => store.follow(config, signal)));
  }

  async #apply(): Promise<void> {
    if (!this.#stores.every(({ isListed }) => isListed)) return;
    try {
      if (!(await this.#files.apply(this.#translate()))) throw new Error('Envoy is not running yet');
      await this.#logWeights();
    } catch (error) {
      this.#complain(message(error));
      throw error;
    }
    if (this.#isReady) return;
    this.#isReady = true;
    console.log(READY);
  }

  #translate(): Resources {
    const { slot, dir } = this.#place;
    const fixed = {
      services: this.#services.objects,
      endpointSlices: this.#endpointSlices.objects,
      serviceAddresses: this.#serviceAddresses,
      ingressAddress: ingressAddress(slot),
      dir,
    };
    const routing = { virtualServices: this.#virtualServices.objects, envoyFilters: this.#envoyFilters.objects };
    try {
      const resources = translate({ ...fixed, ...routing });
      this.#routing = routing;
      this.#complaint = '';
      return resources;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.#complain(`these objects cannot be translated, the last good routes stay:\n${error.message}`);
      return translate({ ...fixed, ...this.#routing });
    }
  }

  async #logWeights(): Promise<void> {
    const routes = await routesInForce(envoyAdmin(this.#place.slot), ROUTES_NAME);
    const weights = routes && weightsOf(routes, this.#place);
    if (weights !== undefined) this.#weights.add(weights);
  }

  /** Once, however often it is tried again. */
  #complain(complaint: string): void {
    if (complaint !== this.#complaint) console.error(complaint);
    this.#complaint = complaint;
  }
}

function readAddresses(file: string): Record<string, string> {
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const entries = Object.entries(parsed ?? {});
  const faults = entries
    .filter(([, address]) => typeof address !== 'string' || !/^127\.\d+\.\d+\.\d+$/.test(address))
    .map(([name, address]) => ({
      place: `${file} "${name}"`,
      message: `${JSON.stringify(address)} is not a loopback address`,
      fix: 'write one like "127.100.1.1"',
    }));
  if (faults.length > 0) throw new InputError(faults);
  return Object.fromEntries(entries);
}

function placeFrom(args: string[]): TranslatorPlace {
  const names = ['kubeconfig', 'namespace', 'slot', 'dir', 'addresses', 'stable', 'canary', 'route'] as const;
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  const { values } = parseArgs({ args, options });
  const value = (name: (typeof names)[number]): string => {
    const given = values[name];
    if (typeof given === 'string' && given !== '') return given;
    throw new InputError([
      { place: `--${name}`, message: 'is missing', fix: `give ${names.map((each) => `--${each}=…`).join(' ')}` },
    ]);
  };
  const [kubeconfig, namespace, dir, addresses] = [
    value('kubeconfig'),
    value('namespace'),
    value('dir'),
    value('addresses'),
  ];
  const sides = { stable: value('stable'), canary: value('canary'), route: value('route') };
  return { ...sides, kubeconfig, namespace, dir, addresses, slot: Number(value('slot')) };
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
  await new Translator(placeFrom(process.argv.slice(2))).run(stop.signal);
}
