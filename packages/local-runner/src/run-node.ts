import { inputsOfCall, secretsOfCall } from './call-values.ts';
import { endWithoutSteps, failWithoutSteps, resultOf } from './ended.ts';
import { holds, type Scope, type Status } from './expressions.ts';
import { reasonOf, WorkflowError } from './failure.ts';
import { identityOf, secretsOf } from './identity.ts';
import type { Conclusion } from './journal.ts';
import { isRecord, type JsonRecord } from './json.ts';
import type { Leg, Node } from './leg.ts';
import { type Combination, combinationsOf, labelOf } from './matrix.ts';
import { runJob } from './run-job.ts';
import { callContexts, type Ended, type WorkflowCall } from './run.ts';
import { createSlots } from './slots.ts';
import { fillRecord, fillText, literal } from './template.ts';
import { withConcurrency } from './with-concurrency.ts';
import type { CallWork } from './workflow-file.ts';

/** Decides whether the job runs, then runs all its combinations. Never throws: what cannot be evaluated fails the job. */
export async function runNode(node: Node): Promise<Ended> {
  try {
    if (!holds(node.job.condition, scopeOf(node)))
      return skip(node, node.call.signal.aborted ? 'cancelled' : 'skipped');
    return await runLegs(node, signalOf(node));
  } catch (thrown) {
    return failWithoutSteps(node.run, { id: idOf(node), name: idOf(node) }, reasonOf(thrown));
  }
}

function scopeOf(node: Node): Scope {
  const { run, call, job, ended } = node;
  const needs = Object.fromEntries(
    job.needs.map((id) => [id, { result: ended.get(id)?.result, outputs: ended.get(id)?.outputs ?? {} }]),
  );
  return { contexts: { ...callContexts(run, call), needs }, status: statusOf(node) };
}

// success() and failure() ask all jobs before this one, not only those that it names.
function statusOf({ call, ended, ancestors }: Node): Status {
  const resultsOf = (ids: readonly string[]) =>
    [...(ids.length === 0 ? ancestors : ids)].map((id) => ended.get(id)?.result);
  return {
    success: (ids) => !call.signal.aborted && resultsOf(ids).every((result) => result === 'success'),
    failure: (ids) => !call.signal.aborted && resultsOf(ids).includes('failure'),
    cancelled: () => call.signal.aborted,
  };
}

// A cancelled run goes on with the jobs whose condition holds all the same.
function signalOf(node: Node): AbortSignal {
  const stop = new AbortController();
  const { signal } = node.call;
  const ask = () => {
    if (!holds(node.job.condition, scopeOf(node))) stop.abort();
  };
  if (!signal.aborted) signal.addEventListener('abort', ask, { once: true });
  return stop.signal;
}

async function runLegs(node: Node, signal: AbortSignal): Promise<Ended> {
  const { contexts } = scopeOf(node);
  const strategy = fillRecord(node.job.strategy, { contexts });
  const matrix = strategy['matrix'];
  const combinations = matrix === undefined ? [undefined] : combinationsOf(isRecord(matrix) ? matrix : {});
  const failFast = strategy['fail-fast'] !== false;
  const maxParallel =
    typeof strategy['max-parallel'] === 'number' ? strategy['max-parallel'] : combinations.length;
  const slots = createSlots(Math.max(1, maxParallel));
  const stop = new AbortController();
  const legSignal = AbortSignal.any([signal, stop.signal]);
  const legs = combinations.map((combination, index) =>
    legOf(node, combination, {
      'fail-fast': failFast,
      'job-index': index,
      'job-total': combinations.length,
      'max-parallel': maxParallel,
    }),
  );
  const ends = await Promise.all(
    legs.map((leg) =>
      slots.within(async () => {
        const ended = await runLeg(leg, legSignal);
        if (ended.result === 'failure' && failFast && legs.length > 1) stop.abort();
        return ended;
      }),
    ),
  );
  const outputs = Object.fromEntries(ends.flatMap(filledOutputs));
  return { result: resultOf(ends.map(({ result }) => result)), outputs };
}

// A combination that left an output empty does not take it from the others.
function filledOutputs({ outputs }: Ended): readonly (readonly [string, string])[] {
  return Object.entries(outputs).filter(([, value]) => value !== '');
}

function legOf(node: Node, matrix: Combination | undefined, strategy: JsonRecord): Leg {
  const contexts: JsonRecord = {
    ...scopeOf(node).contexts,
    strategy,
    ...(matrix === undefined ? {} : { matrix }),
  };
  const label = matrix === undefined ? '' : ` (${labelOf(matrix)})`;
  const { name } = node.job;
  const plain = name === undefined ? node.job.id : fillText(name, { contexts });
  const ownName = name?.kind === 'expression' ? plain : `${plain}${label}`;
  const callers = node.call.callers.map((caller) => caller.name);
  const ownId = `${node.job.id}${label}`;
  const id = [...node.call.callers.map((caller) => caller.id), ownId].join('/');
  return { node, id, ownId, name: [...callers, ownName].join(' / '), ownName, contexts };
}

async function runLeg(leg: Leg, signal: AbortSignal): Promise<Ended> {
  const { run, call, job } = leg.node;
  const guarded = {
    template: job.concurrency,
    scope: { contexts: leg.contexts },
    call: { ...call, signal },
    job: leg.id,
  };
  try {
    if (signal.aborted) return endWithoutSteps(run, leg, 'cancelled');
    const started = { isReached: false };
    const ended = await withConcurrency(run, guarded, (held) => {
      started.isReached = true;
      return job.work.kind === 'call' ? runCall(leg, job.work, held) : runJob(leg, job.work, held);
    });
    return started.isReached ? ended : endWithoutSteps(run, leg, ended.result);
  } catch (thrown) {
    return failWithoutSteps(run, leg, reasonOf(thrown));
  }
}

async function runCall(leg: Leg, work: CallWork, held: WorkflowCall): Promise<Ended> {
  const { run, call, job } = leg.node;
  const tree = call.tree.calls.get(job.id);
  if (tree === undefined) throw new WorkflowError(`"${work.uses}" was not read before the run`);
  const identity = identityOf(leg, undefined);
  const secrets = secretsOf(leg, identity);
  const github = { ...run.github, token: secrets['GITHUB_TOKEN'] ?? '' };
  const scope = { contexts: { ...leg.contexts, github, secrets } };
  const startMs = Date.now();
  run.journal.note({ kind: 'job-started', job: leg.id, name: leg.name });
  const ended = await leg.node.callWorkflow({
    tree,
    inputs: inputsOfCall(work, tree, scope),
    secrets: secretsOfCall(work, secrets, scope),
    permissions: identity.permissions,
    callers: [...call.callers, { id: leg.ownId, name: leg.ownName }],
    groups: held.groups,
    signal: held.signal,
  });
  const { result: conclusion, outputs } = ended;
  const seconds = (Date.now() - startMs) / 1000;
  run.jobs.push({ id: leg.id, name: leg.name, conclusion, outputs, seconds, steps: [] });
  run.journal.note({ kind: 'job-ended', job: leg.id, conclusion, seconds });
  return ended;
}

// A skipped job keeps its name as the file has it: its expressions may ask for what never came to be.
function skip(node: Node, result: Conclusion): Ended {
  const { run, call, job } = node;
  const name = [...call.callers.map((caller) => caller.name), literal(job.name) ?? job.id].join(' / ');
  return endWithoutSteps(run, { id: idOf(node), name }, result);
}

function idOf({ call, job }: Node): string {
  return [...call.callers.map(({ id }) => id), job.id].join('/');
}
