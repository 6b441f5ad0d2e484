import { resultOf } from './ended.ts';
import type { Scope } from './expressions.ts';
import { runNode } from './run-node.ts';
import { callContexts, type Ended, type Run, type WorkflowCall } from './run.ts';
import { fillText } from './template.ts';
import type { JobTemplate } from './workflow-file.ts';
import { withConcurrency } from './with-concurrency.ts';

/** Runs the jobs of a workflow, each as soon as those that it needs have ended. */
export async function callWorkflow(run: Run, call: WorkflowCall): Promise<Ended> {
  const { file } = call.tree;
  const scope = { contexts: callContexts(run, call) };
  const label = call.callers.map(({ id }) => id).join('/');
  return withConcurrency(run, { template: file.concurrency, scope, call, job: label }, (held) =>
    runJobs(run, held),
  );
}

async function runJobs(run: Run, call: WorkflowCall): Promise<Ended> {
  const { file } = call.tree;
  const ended = new Map<string, Ended>();
  const running = new Map<string, Promise<void>>();
  const startOf = (id: string): Promise<void> => {
    const started = running.get(id) ?? start(id);
    running.set(id, started);
    return started;
  };
  const start = async (id: string) => {
    const job = file.jobs.find((each) => each.id === id);
    if (job === undefined) return;
    await Promise.all(job.needs.map(startOf));
    const ancestors = ancestorsOf(job, file.jobs);
    const callDeeper = (deeper: WorkflowCall) => callWorkflow(run, deeper);
    ended.set(id, await runNode({ run, call, job, ended, ancestors, callWorkflow: callDeeper }));
  };
  await Promise.all(file.jobs.map((job) => startOf(job.id)));
  const results = file.jobs.flatMap((job) => ended.get(job.id)?.result ?? []);
  return { result: resultOf(results), outputs: outputsOf(run, call, ended) };
}

/** All jobs that a job waits for, directly or not. */
function ancestorsOf(job: JobTemplate, jobs: readonly JobTemplate[]): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (id: string) => {
    if (found.has(id)) return;
    found.add(id);
    jobs.find((each) => each.id === id)?.needs.forEach(visit);
  };
  job.needs.forEach(visit);
  return found;
}

function outputsOf(
  run: Run,
  call: WorkflowCall,
  ended: ReadonlyMap<string, Ended>,
): Readonly<Record<string, string>> {
  const jobs = Object.fromEntries([...ended].map(([id, { result, outputs }]) => [id, { result, outputs }]));
  const scope: Scope = { contexts: { ...callContexts(run, call), jobs } };
  return Object.fromEntries(
    Object.entries(call.tree.file.call?.outputs ?? {}).map(([name, value]) => [name, fillText(value, scope)]),
  );
}
