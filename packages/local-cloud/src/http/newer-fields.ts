import type { ProtoField, ProtoNode } from './proto-node.ts';

/**
 * Fields of google.cloud.run.v2 that the real API takes, as Terraform's provider sends them, and that the published protos do not have yet.
 * Their numbers are unknown: these are beyond any that a published message uses, so that a gRPC client passes them over.
 */
const NEWER_FIELDS: Readonly<Record<string, Readonly<Record<string, ProtoField>>>> = {
  Probe: { successThreshold: { type: 'int32', id: 500_000_001 } },
};

/** The messages of google.cloud.run.v2 with what is newer in them. A field that the protos have by now stays as it is there. */
export function withNewerFields(messages: Readonly<Record<string, ProtoNode>>): Record<string, ProtoNode> {
  const newer = Object.entries(NEWER_FIELDS).map(([name, fields]): [string, ProtoNode] => {
    const message = messages[name];
    return [name, { ...message, fields: { ...fields, ...message?.fields } }];
  });
  return { ...messages, ...Object.fromEntries(newer) };
}
