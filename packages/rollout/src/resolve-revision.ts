import type { KnownRevision, RollbackFacts } from './rollback-facts.ts';
import { RolloutError } from './rollout-error.ts';

/**
 * The one ready revision that a person means: its name, a traffic tag, its number or suffix (`00042`), its version
 * (`main-1a2b3c4`) or its digest, tried in this order. Throws when none or several fit, and when it is not ready.
 */
export function resolveRevision(facts: RollbackFacts, to: string): string {
  const fitting = readings(facts, to).find((revisions) => revisions.length > 0) ?? [];
  const [revision] = fitting;
  if (revision === undefined) throw unknown(facts, to);
  const chosen = fitting.length === 1 ? revision : onlyReady(facts, to, fitting);
  if (!chosen.isReady)
    throw new RolloutError('no-target', `revision ${chosen.name} is not ready and cannot take traffic`);
  return chosen.name;
}

function readings(facts: RollbackFacts, to: string): readonly (readonly KnownRevision[])[] {
  const { service, live, revisions } = facts;
  const tagged = live.tags.find(({ tag }) => tag === to)?.revision;
  return [
    revisions.filter(({ name }) => name === to),
    revisions.filter(({ name }) => name === tagged),
    revisions.filter(({ name }) => `${name.slice(service.length)}-`.includes(`-${to}-`)),
    revisions.filter(({ version }) => version === to),
    revisions.filter(({ image }) => image === to || image?.endsWith(`@${to}`)),
  ];
}

function onlyReady({ service }: RollbackFacts, to: string, fitting: readonly KnownRevision[]): KnownRevision {
  const ready = fitting.filter(({ isReady }) => isReady);
  const [only] = ready;
  if (only !== undefined && ready.length === 1) return only;
  const names = fitting.map(({ name }) => name).join(', ');
  throw new RolloutError(
    'ambiguous-revision',
    `"${to}" fits ${fitting.length} revisions of service ${service}: ${names}; name one of them in full`,
  );
}

function unknown({ service, revisions, live }: RollbackFacts, to: string): RolloutError {
  const names = revisions.slice(0, 10).map(({ name }) => name);
  const tags = live.tags.map(({ tag }) => tag);
  return new RolloutError(
    'unknown-revision',
    `"${to}" is no revision of service ${service}; revisions: ${names.join(', ') || 'none'}; tags: ${tags.join(', ') || 'none'}`,
  );
}
