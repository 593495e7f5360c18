import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { accepted } from './envoy-admin.ts';
import { ROUTES_NAME, resourceTypes, xdsFiles } from './xds-resources.ts';
import type { Message } from './xds-routes.ts';
import type { Resources } from './xds-translate.ts';

const ACCEPT_MS = 5_000;

/** The files that Envoy follows, and what was last written to them. */
export class XdsFiles {
  readonly #dir: string;
  readonly #admin: string;
  readonly #written = new Map<string, string>();

  constructor(dir: string, admin: string) {
    this.#dir = dir;
    this.#admin = admin;
  }

  /**
   * Brings Envoy to the resources: endpoints and clusters first, and only when it has them the routes that lead there.
   * False when Envoy is not running, so that nothing was confirmed.
   */
  async apply({ listeners, routes, clusters, endpoints }: Resources): Promise<boolean> {
    const wanted = new Map<string, string>();
    for (const each of endpoints) {
      const name = String(each.cluster_name);
      wanted.set(`cluster.${name}`, this.#write(xdsFiles.endpoints(this.#dir, name), resourceTypes.endpoints, [each]));
    }
    wanted.set('cluster_manager.cds', this.#write(xdsFiles.clusters(this.#dir), resourceTypes.clusters, clusters));
    await this.#confirm(wanted);
    const rds = `http.ingress.rds.${ROUTES_NAME}`;
    wanted.set(rds, this.#write(xdsFiles.routes(this.#dir), resourceTypes.routes, routes));
    wanted.set('listener_manager.lds', this.#write(xdsFiles.listeners(this.#dir), resourceTypes.listeners, listeners));
    const isDone = await this.#confirm(wanted);
    this.#forget(endpoints);
    return isDone;
  }

  /** What was not accepted is written again the next time: a refusal may pass, such as of an address that was still taken. */
  async #confirm(wanted: ReadonlyMap<string, string>): Promise<boolean> {
    try {
      return await accepted(this.#admin, wanted, ACCEPT_MS);
    } catch (error) {
      this.#written.clear();
      throw error;
    }
  }

  /** Envoy sees a file when it is moved into place, and never half of one. The version is the content's hash. */
  #write(file: string, type: string, messages: readonly Message[]): string {
    const resources = messages.map((message) => ({ '@type': type, ...message }));
    const version = createHash('sha256').update(JSON.stringify(resources)).digest('hex').slice(0, 12);
    if (this.#written.get(file) === version) return version;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, JSON.stringify({ version_info: version, resources }, null, 1));
    renameSync(`${file}.new`, file);
    this.#written.set(file, version);
    return version;
  }

  /** Endpoint files of clusters that are gone. */
  #forget(endpoints: readonly Message[]): void {
    const kept = new Set(endpoints.map((each) => xdsFiles.endpoints(this.#dir, String(each.cluster_name))));
    const fixed = [xdsFiles.clusters(this.#dir), xdsFiles.routes(this.#dir), xdsFiles.listeners(this.#dir)];
    for (const file of [...this.#written.keys()]) {
      if (kept.has(file) || fixed.includes(file)) continue;
      rmSync(file, { force: true });
      this.#written.delete(file);
    }
  }
}
