import type { RequestRecord } from '../data/index.ts';
import type { Message } from '../messages/index.ts';

/** The fields of an entry in the log of requests that tell of the request. */
export function requestView(project: string, { trace, instance, said, ...request }: RequestRecord): Message {
  return {
    severity: severityOf(request.status),
    ...(said === undefined ? {} : { textPayload: said }),
    httpRequest: httpRequest(request),
    ...(instance === undefined ? {} : { labels: { instanceId: instance } }),
    trace: `projects/${project}/traces/${trace.id}`,
    spanId: trace.span,
    ...(trace.isSampled ? { traceSampled: true } : {}),
  };
}

function severityOf(status: number): 'ERROR' | 'WARNING' | 'INFO' {
  if (status >= 500) return 'ERROR';
  return status >= 400 ? 'WARNING' : 'INFO';
}

/** google.logging.type.HttpRequest; a size of nothing is left out, as is all that has its default. */
function httpRequest({
  sizes,
  latencyMs,
  method,
  url,
  status,
  ...rest
}: Omit<RequestRecord, 'trace' | 'instance' | 'said'>): Message {
  const { userAgent, remoteIp, referer, protocol } = rest;
  return {
    requestMethod: method,
    requestUrl: url,
    ...(sizes.request === 0 ? {} : { requestSize: String(sizes.request) }),
    status,
    ...(sizes.response === 0 ? {} : { responseSize: String(sizes.response) }),
    ...(userAgent === undefined ? {} : { userAgent }),
    remoteIp,
    ...(referer === undefined ? {} : { referer }),
    serverIp: '127.0.0.1',
    latency: duration(latencyMs),
    protocol,
  };
}

/** Seconds to the microsecond, as a proto duration is written: with 0, 3 or 6 digits. */
function duration(ms: number): string {
  const micros = Math.round(ms * 1_000);
  const digits = micros % 1_000_000 === 0 ? 0 : micros % 1_000 === 0 ? 3 : 6;
  return `${(micros / 1_000_000).toFixed(digits)}s`;
}
