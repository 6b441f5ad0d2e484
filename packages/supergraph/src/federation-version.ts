import { type DocumentNode, visit } from 'graphql';

import { linksOf } from './links.ts';

const FEDERATION = 'https://specs.apollo.dev/federation/';
/** The newest version that the composition knows. */
const NEWEST_MINOR = 9;

/** A document that the composition can read, and what was done to it. */
export interface Readable {
  readonly document: DocumentNode;
  readonly hints: readonly string[];
}

/**
 * Lowers a link to a newer federation version than the composition knows: Strawberry links v2.11 by default, and what
 * it prints is understood as v2.9. A construct that only the newer version has still fails, by name.
 */
export function withKnownVersion(name: string, document: DocumentNode): Readable {
  const linked = federationLinks(document);
  if (linked.length === 0)
    return {
      document,
      hints: [
        `subgraph "${name}" has no @link to federation, so it is read as Federation 1 and its value types count as shareable`,
      ],
    };
  const newer = linked.find((version) => minorOf(version) > NEWEST_MINOR);
  if (newer === undefined) return { document, hints: [] };
  return {
    document: visit(document, {
      StringValue: (node) => (node.value === `${FEDERATION}${newer}` ? { ...node, value: KNOWN } : undefined),
    }),
    hints: [`subgraph "${name}" links federation ${newer} and is composed as v2.${NEWEST_MINOR}`],
  };
}

const KNOWN = `${FEDERATION}v2.${NEWEST_MINOR}`;

function federationLinks(document: DocumentNode): readonly string[] {
  return linksOf(document).flatMap(({ url }) =>
    url.startsWith(FEDERATION) ? [url.slice(FEDERATION.length)] : [],
  );
}

function minorOf(version: string): number {
  return Number(/^v2\.(\d+)$/.exec(version)?.[1] ?? 0);
}
