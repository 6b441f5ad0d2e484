import type { Repository } from './repository.ts';

/** What changed between two commits, or why nobody can tell. */
export type Changed =
  | { readonly kind: 'paths'; readonly base: string; readonly paths: readonly string[] }
  | { readonly kind: 'unknown'; readonly because: string };

/**
 * The paths that differ between a base and `head`, a full commit ID. A base that is not here is fetched alone, without
 * its history; one that cannot be had gives `unknown`, never an empty list.
 */
export async function changedSince(repository: Repository, base: string, head: string): Promise<Changed> {
  if (/^0+$/.test(base)) return { kind: 'unknown', because: 'first push, there is no commit before it' };
  const commit =
    (await repository.commit(base)) ??
    (await repository.commit(`origin/${base}`)) ??
    (await repository.fetchCommit(base));
  if (commit === undefined)
    return { kind: 'unknown', because: `commit ${shortened(base)} is neither here nor at origin` };
  return { kind: 'paths', base: commit, paths: await repository.changedPaths(commit, head) };
}

function shortened(revision: string): string {
  return /^[0-9a-f]{40}$/.test(revision) ? revision.slice(0, 7) : JSON.stringify(revision);
}
