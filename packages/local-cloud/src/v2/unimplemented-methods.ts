import { CloudError } from '../control/cloud-error.ts';
import { RPC_METHODS } from '../http/proto-methods.ts';
import { method, type Methods } from './method.ts';

/** A method for each RPC that the protos have and the table does not: UNIMPLEMENTED under its own name. */
export function unimplementedBeside(methods: Methods): Methods {
  return Object.fromEntries(
    RPC_METHODS.filter(({ rpc }) => !(rpc in methods)).map(({ rpc }) => [rpc, unimplemented(rpc)]),
  );
}

function unimplemented(rpc: string): Methods[string] {
  return method(undefined, () => {
    throw new CloudError('UNIMPLEMENTED', `Method ${rpc} is not implemented by the local cloud.`);
  });
}
