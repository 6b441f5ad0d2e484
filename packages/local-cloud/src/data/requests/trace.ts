import { randomFillSync } from 'node:crypto';

import type { Caller, RawHeaders } from './caller.ts';

/** Where a request stands in a trace: its caller's, or one of its own. */
export interface Trace {
  /** 32 hexadecimal digits. */
  readonly id: string;
  /** 16 hexadecimal digits, of the router's own span: the parent of whatever the container does. */
  readonly span: string;
  readonly isSampled: boolean;
}

/** Goes on with the trace that the request names, by `traceparent` before `X-Cloud-Trace-Context`; a new one is not sampled. */
export function traceOf(caller: Caller): Trace {
  const parent =
    w3cParent(caller.header('traceparent')) ?? cloudParent(caller.header('x-cloud-trace-context'));
  return { id: parent?.id ?? randomHex(16), span: randomHex(8), isSampled: parent?.isSampled ?? false };
}

/** The headers that Cloud Run gives the container, in both forms. */
export function traceHeaders({ id, span, isSampled }: Trace): RawHeaders {
  const flag = isSampled ? 1 : 0;
  return [
    'X-Cloud-Trace-Context',
    `${id}/${BigInt(`0x${span}`)};o=${flag}`,
    'traceparent',
    `00-${id}-${span}-0${flag}`,
  ];
}

type Parent = Pick<Trace, 'id' | 'isSampled'>;

function w3cParent(header: string | undefined): Parent | undefined {
  const [, version, id, span, flags] =
    /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?:-|$)/.exec(header ?? '') ?? [];
  if (id === undefined || version === 'ff' || isZero(id) || isZero(span ?? '')) return undefined;
  return { id, isSampled: (Number.parseInt(flags ?? '0', 16) & 1) === 1 };
}

function cloudParent(header: string | undefined): Parent | undefined {
  const [, id, option] = /^([\da-f]{32})(?:\/\d+)?(?:;o=(\d))?$/i.exec(header ?? '') ?? [];
  if (id === undefined || isZero(id)) return undefined;
  return { id: id.toLowerCase(), isSampled: option === '1' };
}

function isZero(digits: string): boolean {
  return /^0+$/.test(digits);
}

const pool = Buffer.alloc(4_096);
let used = pool.length;

/** From a pool, as one call of the system for each request would cost more than the rest of it. */
function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString('hex', used - bytes, used);
}
