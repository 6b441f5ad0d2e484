import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { withNewerFields } from './newer-fields.ts';
import type { ProtoNode } from './proto-node.ts';
import { RPC_DETAILS } from './rpc-details.ts';

/** The protos that ship inside `@google-cloud/run`, with the details of errors beside them and what is newer than they are. */
export const PROTO_ROOT: ProtoNode = changedAt(
  changedAt(loadProtos(), ['google', 'rpc'], (messages) => ({ ...messages, ...RPC_DETAILS })),
  ['google', 'cloud', 'run', 'v2'],
  withNewerFields,
);

/** The node of a full name such as `google.cloud.run.v2.Service`. */
export function nodeAt(name: string): ProtoNode | undefined {
  return name.split('.').reduce<ProtoNode | undefined>((node, part) => node?.nested?.[part], PROTO_ROOT);
}

/** The full name of a type that is named from within `scope`, looked for from the inside out. */
export function resolveType(scope: string, type: string): string | undefined {
  for (let outer = scope.split('.'); outer.length > 0; outer = outer.slice(0, -1)) {
    const candidate = [...outer, type].join('.');
    if (nodeAt(candidate) !== undefined) return candidate;
  }
  return nodeAt(type) === undefined ? undefined : type;
}

function loadProtos(): ProtoNode {
  const require = createRequire(import.meta.url);
  const file = require.resolve('@google-cloud/run/build/protos/protos.json');
  return JSON.parse(readFileSync(file, 'utf8')) as ProtoNode;
}

/** The tree with what is nested at the path made anew. */
function changedAt(
  node: ProtoNode | undefined,
  [part, ...rest]: readonly string[],
  change: (nested: NonNullable<ProtoNode['nested']>) => NonNullable<ProtoNode['nested']>,
): ProtoNode {
  if (part === undefined) return { ...node, nested: change(node?.nested ?? {}) };
  const inner = changedAt(node?.nested?.[part], rest, change);
  return { ...node, nested: { ...node?.nested, [part]: inner } };
}
