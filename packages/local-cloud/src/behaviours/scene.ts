import { LATEST, REVISION, type RevisionTemplate, type TrafficTarget } from '../control/resources.ts';
import type { Answer, Body, TestCloud } from '../test-client.ts';

/** For tests: a template under its own revision name. */
export function template(revision: string, changes: Partial<RevisionTemplate> = {}): RevisionTemplate {
  return { revision, containers: [{ image: 'localhost:5000/web' }], ...changes };
}

/** For tests: the service `web` with this revision as its newest; its traffic stays as it is. */
export function deploy(
  t: TestCloud,
  revision: string,
  changes: Partial<RevisionTemplate> = {},
): Promise<Answer> {
  return t.write('PATCH', 'services/web?updateMask=template&allowMissing=true', {
    template: template(revision, changes),
  });
}

export function shift(t: TestCloud, traffic: readonly TrafficTarget[]): Promise<Answer> {
  return t.write('PATCH', 'services/web?updateMask=traffic', { traffic });
}

export const toLatest = { type: LATEST, percent: 100 } as const;

export function to(revision: string, percent: number): TrafficTarget {
  return { type: REVISION, revision, percent };
}

/** For tests: a tag at 0 %. */
export function tagged(tag: string, revision: string): TrafficTarget {
  return { type: REVISION, revision, tag };
}

export function shortNames(items: readonly Body[] | undefined): readonly string[] {
  return (items ?? []).map(({ name = '' }) => name.slice(name.lastIndexOf('/') + 1));
}

/** For tests: conditions as `Ready: SUCCEEDED`, followed by severity, reason and message where there are any. */
export function conditionsOf({ conditions = [] }: Body): Readonly<Record<string, string>> {
  return Object.fromEntries(
    conditions.map(({ type, state, severity, reason, revisionReason, message }) => [
      type,
      [state.replace('CONDITION_', ''), severity, reason ?? revisionReason, message]
        .filter((part) => part !== undefined)
        .join(' '),
    ]),
  );
}

/** For tests: the path of an operation below its parent. */
export function operationPath({ body }: Answer): string {
  return body.name?.split('/').slice(4).join('/') ?? '';
}

/** For tests: the name of the revision that answers at an address. */
export async function answering(uri: string | undefined): Promise<string> {
  const answer = (await (await fetch(uri ?? '')).json()) as { readonly revision: string };
  return answer.revision;
}
