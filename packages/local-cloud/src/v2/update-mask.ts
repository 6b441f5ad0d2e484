import { CloudError } from '../control/cloud-error.ts';
import { maskPath } from '../http/proto-json.ts';

/** The mask's paths in lowerCamel; none when it is empty or `*`, which mean all. Throws INVALID_ARGUMENT for a path that the message does not have. */
export function maskIn(
  type: 'Service' | 'WorkerPool',
  text: string | undefined,
): { readonly updateMask?: readonly string[] } {
  if (text === undefined || text === '' || text === '*') return {};
  const paths = text.split(',').map((path) => {
    const known = maskPath(`google.cloud.run.v2.${type}`, path.trim());
    if (known === undefined)
      throw new CloudError('INVALID_ARGUMENT', `Field '${path}' in 'update_mask' is not a field of ${type}.`);
    return known;
  });
  return { updateMask: paths };
}
