import { systemClock } from '@fairlead/action-kit';

import type { Fault, FaultOptions } from './http/faults.ts';
import type { LocalCloudOptions } from './local-cloud-options.ts';

/** The limits and the rates that a cloud is started with, as faults that are in force for good. */
export function faultOptions({
  limits = {},
  rates = {},
  clock = systemClock,
}: LocalCloudOptions): FaultOptions {
  const { readsPerMinute, writesPerMinute } = rates;
  const rate = (method: string, perMinute: number | undefined): readonly Fault[] =>
    perMinute === undefined
      ? []
      : [{ match: { method, path: '^/(?:v1|v2|apis)/' }, effect: 'rate-limit', perMinute }];
  const standing = [...rate('GET', readsPerMinute), ...rate('POST|PUT|PATCH|DELETE', writesPerMinute)];
  return { limits, now: clock.now, standing };
}
