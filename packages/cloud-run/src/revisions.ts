import { poll } from '@fairlead/action-kit';
import { isNotFound } from '@fairlead/google';
import type { Api } from './api.ts';
import { type ServiceName, servicePath } from './names.ts';
import { readinessOf, type Readiness, type Revision, revisionOf } from './revision.ts';
import { objectsIn, textIn, wireOf } from './wire.ts';

export async function getRevision(
  api: Api,
  name: ServiceName,
  revision: string,
): Promise<Revision | undefined> {
  const what = `get revision ${revision}`;
  try {
    const answer = await api.google.request({ method: 'GET', path: revisionPath(name, revision), what });
    return revisionOf(wireOf(answer, what));
  } catch (thrown) {
    if (isNotFound(thrown)) return undefined;
    throw thrown;
  }
}

/** The revisions of a service, newest first. */
export async function listRevisions(api: Api, name: ServiceName): Promise<readonly Revision[]> {
  const what = `list revisions of service ${name.service}`;
  const revisions: Revision[] = [];
  let pageToken = '';
  do {
    const query = `pageSize=100${pageToken === '' ? '' : `&pageToken=${encodeURIComponent(pageToken)}`}`;
    const path = `/v2/${servicePath(name)}/revisions?${query}`;
    const page = wireOf(await api.google.request({ method: 'GET', path, what }), what);
    revisions.push(...objectsIn(page, 'revisions').map(revisionOf));
    pageToken = textIn(page, 'nextPageToken') ?? '';
  } while (pageToken !== '');
  return revisions.sort((a, b) => (a.createTime < b.createTime ? 1 : -1));
}

/** Deletes a revision; one that does not exist counts as deleted. */
export async function deleteRevision(api: Api, name: ServiceName, revision: string): Promise<void> {
  try {
    const what = `delete revision ${revision}`;
    await api.google.request({ method: 'DELETE', path: revisionPath(name, revision), what, safe: true });
  } catch (thrown) {
    if (!isNotFound(thrown)) throw thrown;
  }
}

/** Looks at one revision until it is ready or has failed; `starting` when the deadline has passed. */
export async function awaitRevision(
  api: Api,
  name: ServiceName,
  { revision, deadlineMs }: { readonly revision: string; readonly deadlineMs: number },
): Promise<Readiness> {
  const { clock, signal } = api;
  const look = async () => {
    const live = await getRevision(api, name, revision);
    const readiness: Readiness = live === undefined ? { kind: 'starting' } : readinessOf(live);
    return readiness.kind === 'starting'
      ? { kind: 'again' as const }
      : { kind: 'done' as const, value: readiness };
  };
  const polled = await poll(look, { clock, signal, intervalMs: 1000, deadlineMs });
  return polled.kind === 'done' ? polled.value : { kind: 'starting' };
}

function revisionPath(name: ServiceName, revision: string): string {
  return `/v2/${servicePath(name)}/revisions/${encodeURIComponent(revision)}`;
}
