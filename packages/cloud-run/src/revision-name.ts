import { createHash } from 'node:crypto';
import type { RevisionTemplate } from './template.ts';

/**
 * The name of the revision that a template makes: `<service>-<10 hex digits of its content>`. The same content always
 * has the same name, so a repeated deploy meets what it made before. `attempt` above 1 names another try of the
 * same content, after the first one failed.
 */
export function revisionName(service: string, template: RevisionTemplate, attempt = 1): string {
  const content = { ...template, revision: undefined };
  const hash = createHash('sha256').update(canonical(content)).digest('hex').slice(0, 10);
  return attempt === 1 ? `${service}-${hash}` : `${service}-${hash}-${attempt}`;
}

/** Whether two templates describe the same revision, whatever it is called. */
export function isSameContent(one: RevisionTemplate, other: RevisionTemplate): boolean {
  return revisionName('', one) === revisionName('', other);
}

/** JSON with the keys of every object in order and without what proto3 leaves out: empty, false and zero. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value)
    .filter(([, field]) => !isDefault(field))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join()}}`;
}

function isDefault(value: unknown): boolean {
  if (value === undefined || value === '' || value === false || value === 0) return true;
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
