import { DataPlaneError, type Routes, type ServiceAddresses } from '../data-plane.ts';
import { hostName } from './host-name.ts';
import { listen, type Listener } from './listener.ts';
import type { Reach, Revision } from './revision.ts';
import { chooseByShare, noRoutes, type RouteTable, routeTable } from './routes.ts';

/** A service's addresses and where they lead. */
export class RoutedService {
  readonly host: string;
  readonly #random: () => number;
  readonly #tagListeners = new Map<string, Listener>();
  #main: Listener | undefined;
  #table: RouteTable = noRoutes;
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(service: string, random: () => number) {
    this.host = hostName(service);
    this.#random = random;
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
    this.#main ??= await listen(() => this.choose());
    for (const tag of table.tags.keys()) {
      if (!this.#tagListeners.has(tag)) this.#tagListeners.set(tag, await listen(() => this.choose(tag)));
    }
    this.#table = table;
    this.#closeListenersWithoutTag();
    revisions.forEach((revision) => {
      revision.setReach(this.reachOf(revision));
    });
    const tagUrls = [...this.#tagListeners].map(([tag, { url }]): [string, string] => [tag, url]);
    return { url: this.#main.url, tagUrls: Object.fromEntries(tagUrls), host: this.host };
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
