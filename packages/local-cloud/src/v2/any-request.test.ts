import { systemClock } from '@fairlead/action-kit';
import { expect, test } from '@jest/globals';
import fc, { type Arbitrary } from 'fast-check';

import { CloudError } from '../control/cloud-error.ts';
import { snapshot, testWorld } from '../control/test-world.ts';
import { withValueAt } from '../http/http-binding.ts';
import { type Message, readMessage } from '../http/proto-json.ts';
import { RPC_METHODS, type RpcMethod } from '../http/proto-methods.ts';
import { anyMessage } from '../http/test-message.ts';
import type { CallContext } from './method.ts';
import { METHODS } from './methods.ts';

const PARENT = 'projects/p/locations/r';
const template = { containers: [{ image: 'localhost:5000/web' }] };

test('whatever is asked, the answer is one that the protos know or a refusal that changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyCall, { minLength: 1, maxLength: 8 }), async (calls) => {
      await askAll(await seeded(), calls);
    }),
    { numRuns: 400 },
  );
});

async function askAll(context: CallContext, calls: readonly AnyCall[]): Promise<void> {
  for (const { method, request } of calls) await ask(context, method, request);
}

async function ask(context: CallContext, method: RpcMethod, request: Message): Promise<void> {
  const before = snapshot(context.world);
  const answered = await attempt(async () => METHODS[method.rpc]?.handle(request, context));
  if (answered.kind === 'reply') readMessage(method.replyType, answered.reply);
  else expect(snapshot(context.world)).toEqual(before);
}

interface AnyCall {
  readonly method: RpcMethod;
  readonly request: Message;
}

async function attempt(
  call: () => Promise<unknown>,
): Promise<{ kind: 'reply'; reply: unknown } | { kind: 'refusal' }> {
  try {
    return { kind: 'reply', reply: await call() };
  } catch (thrown) {
    if (!(thrown instanceof CloudError) || thrown.code === 'INTERNAL') throw thrown;
    return { kind: 'refusal' };
  }
}

/** Mostly about things that are there, as random names are refused before anything is looked at. */
const anyCall: Arbitrary<AnyCall> = fc.constantFrom(...RPC_METHODS).chain((method) =>
  fc
    .record({
      message: anyMessage(method.requestType),
      name: anyName(method),
      id: fc.constantFrom('web', 'new'),
    })
    .map(({ message, name, id }) => ({ method, request: aimed(method, message, { name, id }) })),
);

function aimed(
  { bindings }: RpcMethod,
  message: Message,
  { name, id }: { readonly name: string; readonly id: string },
): Message {
  const [, variable = 'resource'] = /\{([\w.]+)=/.exec(bindings[0]?.template ?? '') ?? [];
  const path = variable.replace('worker_pool', 'workerPool').split('.');
  const ids = Object.keys(message).filter((field) => /^(service|job|workerPool)Id$/.test(field));
  return ids.reduce((aim, field) => ({ ...aim, [field]: id }), withValueAt(message, path, name));
}

function anyName({ bindings }: RpcMethod): Arbitrary<string> {
  const forms = bindings.map(({ template: path }) => /\{[\w.]+=([^}]+)\}/.exec(path)?.[1] ?? '');
  const names = forms.map((form) => form.replace('projects/*/locations/*', PARENT).replaceAll('*', 'web'));
  return fc.constantFrom(...names, `${PARENT}/services/web`);
}

async function seeded(): Promise<CallContext> {
  const performer = {
    perform: () => undefined,
    change: () => Promise.resolve(),
    idle: () => Promise.resolve(),
  };
  const context = { world: testWorld(), performer, clock: systemClock, signal: AbortSignal.abort() };
  const make = (rpc: string, request: Message) =>
    METHODS[`google.cloud.run.v2.${rpc}`]?.handle(request, context);
  await make('Services.CreateService', { parent: PARENT, serviceId: 'web', service: { template } });
  await make('Jobs.CreateJob', { parent: PARENT, jobId: 'web', job: { template: { template } } });
  await make('Jobs.RunJob', { name: `${PARENT}/jobs/web` });
  await make('WorkerPools.CreateWorkerPool', {
    parent: PARENT,
    workerPoolId: 'web',
    workerPool: { template },
  });
  return context;
}
