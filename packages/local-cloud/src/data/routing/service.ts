import { messageOf } from '@fairlead/action-kit';

import {
  DataPlaneError,
  type Routes,
  type ServiceAccess,
  type ServiceAddresses,
  type ServiceScaling,
} from '../../data-plane.ts';
import { shortName } from '../containers/container-env.ts';
import type { Caller } from '../requests/caller.ts';
import type { TokenVerifier } from '../requests/identity-token.ts';
import type { Reach, Revision, Standing } from '../revisions/revision.ts';
import { affinityOf } from './affinity.ts';
import { type Choice, nothingHere } from './choice.ts';
import { hostName } from './host-name.ts';
import { listenAgain } from './listen-again.ts';
import { listen, type Listener } from './listener.ts';
import { anySharing, noRoutes, percentOf, type RouteTable, routeTable, sharing } from './routes.ts';
import { refusalAtGate } from './service-access.ts';
import { shareDeck } from './share-deck.ts';

export interface RoutedServiceOptions {
  readonly random: () => number;
  /** Of the service's own address; a free one unless told. */
  readonly port: number | undefined;
  readonly verify: TokenVerifier;
  /** Whether the service is open until its access says so. */
  readonly isPublic: boolean;
  /** The port that the service's address, or a tag's, had in an earlier run. */
  readonly keptPort: (service: string, tag?: string) => number | undefined;
}

/** A service's addresses and where they lead. */
export class RoutedService {
  readonly host: string;
  readonly #name: string;
  readonly #options: RoutedServiceOptions;
  readonly #keptPort: (tag?: string) => number | undefined;
  readonly #tagListeners = new Map<string, Listener>();
  #main: Listener | undefined;
  #table: RouteTable = noRoutes;
  #draw: () => Revision | undefined = () => undefined;
  #revisions: readonly Revision[] = [];
  #access: ServiceAccess & { readonly isPublic: boolean };
  #scaling: ServiceScaling = {};
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(service: string, options: RoutedServiceOptions) {
    this.host = hostName(service);
    this.#name = shortName(service);
    this.#options = options;
    this.#keptPort = (tag) => options.keptPort(service, tag);
    this.#access = { isPublic: options.isPublic, audiences: [] };
  }

  /** Where one request to the service's own address goes, or to a tag's. */
  choose(caller: Caller, tag?: string): Choice {
    const refusal = this.#refusalFor(caller);
    const revision = tag === undefined ? undefined : this.#table.tags.get(tag);
    if (refusal !== undefined)
      return { kind: 'refused', refusal, revision: revision ?? anySharing(this.#table) };
    if (tag !== undefined)
      return revision === undefined ? nothingHere : this.#to(revision, preferenceOf(revision, caller));
    return this.#chooseByShare(caller);
  }

  /** Changes of one service are made one after the other, in the order of the calls. */
  setRoutes(routes: Routes, revisions: () => readonly Revision[]): Promise<ServiceAddresses> {
    const change = this.#last.then(() => this.#change(routes, revisions()));
    this.#last = change.catch(() => undefined);
    return change;
  }

  setAccess(access: ServiceAccess): void {
    this.#access = { isPublic: this.#options.isPublic, ...access };
  }

  setScaling(scaling: ServiceScaling): void {
    this.#scaling = scaling;
    this.#place();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#last;
    this.#table = noRoutes;
    this.#draw = shareDeck(noRoutes, this.#options.random);
    await Promise.all([
      this.#main?.cut(),
      ...[...this.#tagListeners.values()].map((listener) => listener.cut()),
    ]);
  }

  #refusalFor(caller: Caller) {
    const { isPublic, ingress = 'ALL' } = this.#access;
    if (isPublic && ingress === 'ALL') return undefined;
    const urls = [this.#main?.url ?? '', `https://${this.host}`];
    return refusalAtGate(caller, { access: this.#access, urls, verify: this.#options.verify });
  }

  #chooseByShare(caller: Caller): Choice {
    const isSticky = this.#table.shares.some(({ revision }) => revision.spec.sessionAffinity === true);
    const before = isSticky ? affinityOf(caller) : undefined;
    const known = before === undefined ? undefined : sharing(this.#table, before.revision);
    const revision = known ?? this.#draw();
    if (revision === undefined) return nothingHere;
    revision.countByShare();
    return this.#to(revision, before?.instance);
  }

  #to(revision: Revision, preferred: string | undefined): Choice {
    return { kind: 'revision', revision, preferred, isPrivate: !this.#access.isPublic };
  }

  #reachOf(revision: Revision): Reach {
    if (percentOf(this.#table, revision) > 0) return 'serving';
    return [...this.#table.tags.values()].includes(revision) ? 'reachable' : 'idle';
  }

  /** What a service asks for as a whole is divided by the shares, each part rounded up. */
  #standingOf(revision: Revision): Standing {
    const share = percentOf(this.#table, revision) / 100;
    const part = (whole: number) => Math.ceil(whole * share);
    const { minInstances = 0, maxInstances, instances } = this.#scaling;
    const reach = this.#reachOf(revision);
    if (instances !== undefined) return { reach, min: part(instances), max: part(instances) };
    return {
      reach,
      min: part(minInstances),
      ...(maxInstances === undefined ? {} : { max: Math.max(part(maxInstances), 1) }),
    };
  }

  #place(): void {
    for (const revision of this.#revisions) revision.setStanding(this.#standingOf(revision));
  }

  async #change(routes: Routes, revisions: readonly Revision[]): Promise<ServiceAddresses> {
    if (this.#isClosed) throw new DataPlaneError('closed', `the addresses of ${this.host} are closed`);
    const table = routeTable(routes, (name) => revisions.find((revision) => revision.isNamed(name)));
    this.#main ??= await this.#listenAtOwnAddress();
    for (const tag of table.tags.keys()) {
      if (this.#tagListeners.has(tag)) continue;
      this.#tagListeners.set(
        tag,
        await listenAgain((caller) => this.choose(caller, tag), this.#keptPort(tag)),
      );
    }
    this.#table = table;
    this.#draw = shareDeck(table, this.#options.random);
    this.#revisions = revisions;
    this.#closeListenersWithoutTag();
    this.#place();
    const tagUrls = [...this.#tagListeners].map(([tag, { url }]): [string, string] => [tag, url]);
    return { url: this.#main.url, tagUrls: Object.fromEntries(tagUrls), host: this.host };
  }

  async #listenAtOwnAddress(): Promise<Listener> {
    const { port } = this.#options;
    if (port === undefined) return listenAgain((caller) => this.choose(caller), this.#keptPort());
    try {
      return await listen((caller) => this.choose(caller), port);
    } catch (cause) {
      throw portUnavailable(this.#name, port, cause);
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

function preferenceOf(revision: Revision, caller: Caller): string | undefined {
  return revision.spec.sessionAffinity === true ? affinityOf(caller)?.instance : undefined;
}

function portUnavailable(service: string, port: number, cause: unknown): DataPlaneError {
  const said = messageOf(cause);
  const why = said.includes('EADDRINUSE') ? 'is taken' : `cannot be had (${said})`;
  return new DataPlaneError(
    'port-unavailable',
    `service "${service}" is to answer on port ${port} of 127.0.0.1, which ${why}; end what listens there or choose another port`,
    { cause },
  );
}
