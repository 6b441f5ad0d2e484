import { DataPlaneError, type Routes } from '../../data-plane.ts';
import { shortName } from '../containers/container-env.ts';
import type { Revision } from '../revisions/revision.ts';

/** Where a service's requests go. Never changed once made: a change of routes is another value in its place. */
export interface RouteTable {
  readonly shares: readonly { readonly revision: Revision; readonly percent: number }[];
  readonly tags: ReadonlyMap<string, Revision>;
}

export const noRoutes: RouteTable = { shares: [], tags: new Map() };

/** Throws {@link DataPlaneError} when the routes name what does not exist or do not add up. */
export function routeTable(routes: Routes, known: (revision: string) => Revision | undefined): RouteTable {
  const named = (name: string): Revision => {
    const revision = known(name);
    if (revision !== undefined) return revision;
    throw new DataPlaneError(
      'revision-unknown',
      `Revision '${shortName(name)}' does not exist or is deleted. Update all traffic to route to currently available revisions.`,
    );
  };
  checkPercents(routes.targets);
  checkTags(routes.tags);
  return {
    shares: routes.targets.map(({ revision, percent }) => ({ revision: named(revision), percent })),
    tags: new Map(routes.tags.map(({ tag, revision }) => [tag, named(revision)])),
  };
}

function checkPercents(targets: Routes['targets']): void {
  const odd = targets.find(({ percent }) => !Number.isInteger(percent) || percent < 0 || percent > 100);
  if (odd !== undefined) {
    throw new DataPlaneError(
      'percent-invalid',
      `percent of revision "${shortName(odd.revision)}" must be a whole number from 0 to 100, got ${odd.percent}`,
    );
  }
  const sum = targets.reduce((total, { percent }) => total + percent, 0);
  if (targets.length > 0 && sum !== 100) {
    throw new DataPlaneError('percent-invalid', `percents of all targets must sum to 100, got ${sum}`);
  }
}

function checkTags(tags: Routes['tags']): void {
  const names = tags.map(({ tag }) => tag);
  const twice = names.find((tag, index) => names.indexOf(tag) !== index);
  if (twice !== undefined) {
    throw new DataPlaneError('tag-invalid', `tag "${twice}" is given to two revisions, expected one`);
  }
  const odd = names.find((tag) => !/^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(tag));
  if (odd !== undefined) {
    throw new DataPlaneError(
      'tag-invalid',
      `tag "${odd}" must begin with a lower-case letter and hold only lower-case letters, digits and dashes`,
    );
  }
}

/** The revision of that short name, if it has a share of the traffic. */
export function sharing({ shares }: RouteTable, name: string): Revision | undefined {
  return shares.find(({ revision, percent }) => percent > 0 && revision.isNamed(name))?.revision;
}

export function percentOf({ shares }: RouteTable, of: Revision): number {
  return shares.reduce((sum, { revision, percent }) => sum + (revision === of ? percent : 0), 0);
}

/** The first that has a share at all. */
export function anySharing({ shares }: RouteTable): Revision | undefined {
  return shares.find(({ percent }) => percent > 0)?.revision;
}
