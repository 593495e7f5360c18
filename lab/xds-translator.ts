import { readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { KubeConfig, type V1EndpointSlice, type V1Service } from '@kubernetes/client-node';
import { InputError } from '../core/input-error.ts';
import { envoyAdmin, ingressAddress } from './envoy.ts';
import { routesInForce } from './envoy-admin.ts';
import { Reconciler } from './reconciler.ts';
import { message } from './watch.ts';
import { Store } from './watch-store.ts';
import type { EnvoyFilter } from './xds-envoy-filter.ts';
import { XdsFiles } from './xds-files.ts';
import { TRANSLATOR_READY, type TranslatorPlace, translatorPlaceFrom } from './xds-place.ts';
import { ROUTES_NAME } from './xds-resources.ts';
import type { VirtualService } from './xds-routes.ts';
import { type Resources, translate, type Wanted } from './xds-translate.ts';
import { WeightsLog, weightsOf } from './xds-weights.ts';

const RETRY_MS = 500;

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
  /** What was last said of either kind, so that it is said once, however often it is tried again. */
  readonly #said = { fault: '', failure: '' };
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
      this.#say('failure', message(error));
      throw error;
    }
    this.#said.failure = '';
    if (this.#isReady) return;
    this.#isReady = true;
    console.log(TRANSLATOR_READY);
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
      this.#said.fault = '';
      return resources;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.#say('fault', `these objects cannot be translated, the last good routes stay:\n${error.message}`);
      return translate({ ...fixed, ...this.#routing });
    }
  }

  async #logWeights(): Promise<void> {
    const routes = await routesInForce(envoyAdmin(this.#place.slot), ROUTES_NAME);
    const weights = routes && weightsOf(routes, this.#place);
    if (weights !== undefined) this.#weights.add(weights);
  }

  #say(kind: 'fault' | 'failure', what: string): void {
    if (what !== this.#said[kind]) console.error(what);
    this.#said[kind] = what;
  }
}

function readAddresses(file: string): Record<string, string> {
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const entries = Object.entries(parsed ?? {});
  const faults = entries
    .filter(([, address]) => typeof address !== 'string' || !/^(127|10)\.\d+\.\d+\.\d+$/.test(address))
    .map(([name, address]) => ({
      place: `${file} "${name}"`,
      message: `${JSON.stringify(address)} is not an address of the lab`,
      fix: 'write one like "127.100.1.1", or "10.100.1.1" where containers call it',
    }));
  if (faults.length > 0) throw new InputError(faults);
  return Object.fromEntries(entries);
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
  await new Translator(translatorPlaceFrom(process.argv.slice(2))).run(stop.signal);
  // Idle connections to the API server would keep it for seconds.
  process.exit();
}
