import { Metadata, status } from '@grpc/grpc-js';

import { type CloudError, grpcNumber } from '../control/cloud-error.ts';
import { encodeMessage } from './proto-wire.ts';

/** A refusal as a gRPC server sends it. */
export interface GrpcError {
  readonly code: number;
  readonly details: string;
  /** Carries the google.rpc.Status with all details, as googleapis send it. */
  readonly metadata: Metadata;
}

export function grpcError({ code, message, details }: CloudError): GrpcError {
  return statusError({ code: grpcNumber(code), message, details });
}

/** The same for any code: a fault may ask for one that the local cloud itself never gives. */
export function statusError(error: {
  readonly code: number;
  readonly message: string;
  readonly details?: readonly object[];
}): GrpcError {
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', encodeMessage('google.rpc.Status', error));
  return { code: error.code, details: error.message, metadata };
}

/** The number of a google.rpc.Code by its name; UNKNOWN for one that there is not. */
export function codeNumber(name: string): number {
  const numbers: Readonly<Record<string, unknown>> = { ...status };
  const number = numbers[name];
  return typeof number === 'number' ? number : status.UNKNOWN;
}
