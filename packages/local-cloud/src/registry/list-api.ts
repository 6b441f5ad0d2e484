import { answer, type Exchange } from './exchange.ts';
import { INDEX_TYPE } from './manifest-body.ts';
import { RegistryError } from './registry-error.ts';
import type { Store } from './store.ts';

/** Tags in byte order, `n` at a time after `last`. */
export async function listTags(exchange: Exchange, name: string): Promise<void> {
  const { registry, query } = exchange;
  if (!(await registry.store.exists(name)))
    throw new RegistryError({ status: 404, code: 'NAME_UNKNOWN', message: `repository "${name}" not found` });
  const last = query.get('last') ?? '';
  const rest = (await registry.store.tags(name)).filter((tag) => tag > last);
  const limit = limitOf(query.get('n') ?? undefined) ?? rest.length;
  const tags = rest.slice(0, limit);
  const end = tags.at(-1);
  const next = end === undefined || rest.length <= limit ? {} : { link: nextLink({ name, limit, end }) };
  const headers = { 'content-type': 'application/json', ...next };
  answer(exchange, { status: 200, headers, body: JSON.stringify({ name, tags }) });
}

/** An index of the manifests that refer to `digest`; an empty one when there are none, whatever else is known. */
export async function listReferrers(exchange: Exchange, name: string, digest: string): Promise<void> {
  const { registry, query } = exchange;
  const wanted = query.get('artifactType');
  const digests = await registry.store.referrers(name, digest);
  const all = await Promise.all(digests.map((referrer) => descriptor(registry.store, name, referrer)));
  const manifests = all.flat().filter(({ artifactType }) => wanted === null || artifactType === wanted);
  answer(exchange, {
    status: 200,
    headers: {
      'content-type': INDEX_TYPE,
      ...(wanted === null ? {} : { 'oci-filters-applied': 'artifactType' }),
    },
    body: JSON.stringify({ schemaVersion: 2, mediaType: INDEX_TYPE, manifests }),
  });
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number | undefined;
  readonly artifactType?: string;
}

async function descriptor(store: Store, name: string, digest: string): Promise<readonly Descriptor[]> {
  const link = await store.manifest(name, digest);
  if (link === undefined) return [];
  const { mediaType, artifactType, annotations } = link;
  const size = await store.manifestSize(digest);
  return [
    { mediaType, digest, size, ...(artifactType && { artifactType }), ...(annotations && { annotations }) },
  ];
}

function limitOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new RegistryError({
    status: 400,
    code: 'UNSUPPORTED',
    message: `"n" must be a whole number, got "${text}"`,
  });
}

function nextLink({ name, limit, end }: { name: string; limit: number; end: string }): string {
  return `</v2/${name}/tags/list?n=${limit}&last=${encodeURIComponent(end)}>; rel="next"`;
}
