/** google.rpc.ErrorInfo as error details carry it. */
export function errorInfo(
  reason: string,
  service: string,
  metadata: Readonly<Record<string, string>> = {},
): object {
  return {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason,
    domain: 'googleapis.com',
    metadata: { service, ...metadata },
  };
}
