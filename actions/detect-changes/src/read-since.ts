import { InputError } from '@fairlead/action-kit';
import type { Since } from '@fairlead/changes';
import { changedSince, type Repository } from '@fairlead/git';

import type { Base } from './choose-base.ts';
import type { Event } from './event.ts';

export interface Comparison {
  readonly repository: Repository;
  /** Full ID of the commit that everything is compared with its base. */
  readonly head: string;
  readonly event: Event;
}

/** What a unit is compared with, and what changed since then. */
export type Compared = Since & { readonly base?: string };

const NOT_DEPLOYED: Compared = { kind: 'everything', because: 'not deployed yet' };

/** What changed for each unit. Units with the same base get the very same answer, which git gives once. */
export async function readSince(
  units: readonly string[],
  { base, bases }: { readonly base: Base; readonly bases: ReadonlyMap<string, string> },
  comparison: Comparison,
): Promise<ReadonlyMap<string, Compared>> {
  const answers = new Map<string, Compared>();
  const common = units.every((unit) => bases.has(unit)) ? undefined : await sinceBase(base, comparison);
  const since = new Map<string, Compared>();
  for (const unit of units) {
    const own = bases.get(unit);
    const answer = own === undefined ? common : (answers.get(own) ?? (await sinceServing(own, comparison)));
    if (own !== undefined && answer !== undefined) answers.set(own, answer);
    if (answer !== undefined) since.set(unit, answer);
  }
  return since;
}

async function sinceServing(commit: string, comparison: Comparison): Promise<Compared> {
  return commit === '' ? NOT_DEPLOYED : sinceCommit(commit, comparison);
}

async function sinceBase(base: Base, comparison: Comparison): Promise<Compared> {
  switch (base.kind) {
    case 'everything':
      return base;
    case 'commit':
      return sinceCommit(base.revision, comparison);
    case 'fork':
      return sinceCommit(await forkPoint(base.revision, comparison), comparison);
    case 'named': {
      const since = await sinceCommit(base.revision, comparison);
      if (since.kind === 'paths') return since;
      throw new InputError(`input "base" must be "auto", "all", "serving" or a commit: ${since.because}`);
    }
  }
}

async function sinceCommit(revision: string, { repository, head }: Comparison): Promise<Compared> {
  const changed = await changedSince(repository, revision, head);
  return changed.kind === 'paths' ? changed : { kind: 'everything', because: changed.because };
}

/** GitHub's merge commit of a pull request names the base that it merges with; otherwise the history tells. */
async function forkPoint(revision: string, { repository, head, event }: Comparison): Promise<string> {
  const [first, second] = await repository.parents(head);
  if (first !== undefined && second === event.pullRequest?.headCommit) return first;
  return (await repository.mergeBase(revision, head)) ?? revision;
}
