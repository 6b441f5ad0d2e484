import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { V1_SCHEMA } from './v1-schema.ts';

/** Names that are shorter here than in the Google Cloud SDK. */
const NAMES: Readonly<Record<string, string>> = {
  Condition: 'GoogleCloudRunV1Condition',
  RpcStatus: 'GoogleRpcStatus',
  WaitOperationRequest: 'GoogleLongrunningWaitOperationRequest',
};

/** For tests: every field of our table as `Message.field: kind`, in the SDK's words. */
export function schemaFields(): readonly string[] {
  return Object.entries(V1_SCHEMA).flatMap(([message, fields]) =>
    Object.entries(fields).map(([field, type]) => `${NAMES[message] ?? message}.${field}: ${kindOf(type)}`),
  );
}

/** For tests: the fields of the v1 messages in the SDK below this folder, in the same form. */
export function sdkFields(root: string): readonly string[] {
  const path = 'lib/googlecloudsdk/generated_clients/apis/run/v1/run_v1_messages.py';
  const classes = readFileSync(join(root, path), 'utf8').split(/^class /m);
  return classes.flatMap((text) => {
    const message = /^\w+/.exec(text)?.[0] ?? '';
    const fields = text.matchAll(/^ {2}(\w+?)_? = _messages\.(\w+)Field\(([^)]*)\)/gm);
    return [...fields].map(([, field = '', kind = '', rest = '']) => {
      const isRepeated = rest.includes('repeated=True');
      return `${message}.${field}: ${isRepeated ? '[]' : ''}${SDK_KINDS[kind] ?? kind}`;
    });
  });
}

/** Enums and bytes are text in JSON. */
const SDK_KINDS: Readonly<Record<string, string>> = { Enum: 'String', Bytes: 'String' };

function kindOf(type: string): string {
  if (type.startsWith('[]')) return `[]${kindOf(type.slice(2))}`;
  const kinds: Readonly<Record<string, string>> = {
    string: 'String',
    bool: 'Boolean',
    int32: 'Integer',
    int64: 'Integer',
  };
  return kinds[type] ?? 'Message';
}
