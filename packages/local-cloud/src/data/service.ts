import { messageOf } from '@fairlead/action-kit';

import { DataPlaneError, type Routes, type ServiceAddresses } from '../data-plane.ts';
import { shortName } from './container-env.ts';
import { hostName } from './host-name.ts';
import { listenAgain } from './listen-again.ts';
import { listen, type Listener } from './listener.ts';
import type { Reach, Revision } from './revision.ts';
import { chooseByShare, noRoutes, type RouteTable, routeTable } from './routes.ts';

export interface RoutedServiceOptions {
  readonly random: () => number;
  /** Of the service's own address; a free one unless told. */
  readonly port: number | undefined;
  /** The port that the service's address, or a tag's, had in an earlier run. */
  readonly keptPort: (service: string, tag?: string) => number | undefined;
}

/** A service's addresses and where they lead. */
export class RoutedService {
  readonly host: string;
  readonly #name: string;
  readonly #random: () => number;
  readonly #port: number | undefined;
  readonly #keptPort: (tag?: string) => number | undefined;
  readonly #tagListeners = new Map<string, Listener>();
  #main: Listener | undefined;
  #table: RouteTable = noRoutes;
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(service: string, { random, port, keptPort }: RoutedServiceOptions) {
    this.host = hostName(service);
    this.#name = shortName(service);
    this.#random = random;
    this.#port = port;
    this.#keptPort = (tag) => keptPort(service, tag);
  }

  /** The revision for one request to the service's own address, or to a tag's. */
  choose(tag?: string): Revision | undefined {
    if (tag !== undefined) return this.#table.tags.get(tag);
    const revision = chooseByShare(this.#table, this.#random);
    revision?.countByShare();
    return revision;
  }

  /** Changes of one service are made one after the other, in the order of the calls. */
  setRoutes(routes: Routes, revisions: () => readonly Revision[]): Promise<ServiceAddresses> {
    const change = this.#last.then(() => this.#change(routes, revisions()));
    this.#last = change.catch(() => undefined);
    return change;
  }

  reachOf(revision: Revision): Reach {
    if (this.#table.shares.some((share) => share.revision === revision && share.percent > 0))
      return 'serving';
    return [...this.#table.tags.values()].includes(revision) ? 'reachable' : 'idle';
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#last;
    this.#table = noRoutes;
    await Promise.all([
      this.#main?.cut(),
      ...[...this.#tagListeners.values()].map((listener) => listener.cut()),
    ]);
  }

  async #change(routes: Routes, revisions: readonly Revision[]): Promise<ServiceAddresses> {
    if (this.#isClosed) throw new DataPlaneError('closed', `the addresses of ${this.host} are closed`);
    const table = routeTable(routes, (name) => revisions.find((revision) => revision.isNamed(name)));
    this.#main ??= await this.#listenAtOwnAddress();
    for (const tag of table.tags.keys()) {
      if (this.#tagListeners.has(tag)) continue;
      this.#tagListeners.set(tag, await listenAgain(() => this.choose(tag), this.#keptPort(tag)));
    }
    this.#table = table;
    this.#closeListenersWithoutTag();
    revisions.forEach((revision) => {
      revision.setReach(this.reachOf(revision));
    });
    const tagUrls = [...this.#tagListeners].map(([tag, { url }]): [string, string] => [tag, url]);
    return { url: this.#main.url, tagUrls: Object.fromEntries(tagUrls), host: this.host };
  }

  async #listenAtOwnAddress(): Promise<Listener> {
    if (this.#port === undefined) return listenAgain(() => this.choose(), this.#keptPort());
    try {
      return await listen(() => this.choose(), this.#port);
    } catch (cause) {
      const said = messageOf(cause);
      const why = said.includes('EADDRINUSE') ? 'is taken' : `cannot be had (${said})`;
      throw new DataPlaneError(
        'port-unavailable',
        `service "${this.#name}" is to answer on port ${this.#port} of 127.0.0.1, which ${why}; end what listens there or choose another port`,
        { cause },
      );
    }
  }

  #closeListenersWithoutTag(): void {
    const gone = [...this.#tagListeners].filter(([tag]) => !this.#table.tags.has(tag));
    gone.forEach(([tag, listener]) => {
      this.#tagListeners.delete(tag);
      // Resolves when the last request has ended, which nobody here waits for.
      void listener.close();
    });
  }
}
