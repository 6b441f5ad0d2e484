import type { Scope } from './expressions.ts';
import { WorkflowError } from './failure.ts';
import { isRecord, shown } from './json.ts';
import type { Ended, Run, WorkflowCall } from './run.ts';
import { fill, type Template } from './template.ts';

export interface Guarded {
  readonly template: Template | undefined;
  readonly scope: Scope;
  readonly call: WorkflowCall;
  /** Who waits, for the event log. */
  readonly job: string;
}

/** Does work when its concurrency group is free; without a group at once. `work` gets the call with the group's cancellation in its signal. */
export async function withConcurrency(
  run: Run,
  guarded: Guarded,
  work: (call: WorkflowCall) => Promise<Ended>,
): Promise<Ended> {
  const { template, scope, call, job } = guarded;
  if (template === undefined) return work(call);
  const setting = settingOf(template, scope);
  if (call.groups.includes(setting.group.toLowerCase())) {
    throw new WorkflowError(
      `"${job}" waits for the concurrency group "${setting.group}", which its own caller holds; name the groups differently`,
    );
  }
  const replaced = new AbortController();
  run.journal.note({ kind: 'job-waiting', job, group: setting.group });
  const lease = await run.concurrency.enter({
    ...setting,
    signal: call.signal,
    cancel: () => {
      replaced.abort();
    },
  });
  if (lease === undefined) return { result: 'cancelled', outputs: {} };
  try {
    const signal = AbortSignal.any([call.signal, replaced.signal]);
    return await work({ ...call, signal, groups: [...call.groups, setting.group.toLowerCase()] });
  } finally {
    lease.release();
  }
}

interface Setting {
  readonly group: string;
  readonly cancelInProgress: boolean;
  readonly queue: 'single' | 'max';
}

function settingOf(template: Template, scope: Scope): Setting {
  const value = fill(template, scope);
  const record = value !== undefined && isRecord(value) ? value : { group: value };
  const group = record['group'];
  if (typeof group !== 'string' || group === '') {
    throw new WorkflowError(`concurrency needs a group that is not empty, got ${shown(group)}`);
  }
  return {
    group,
    cancelInProgress: record['cancel-in-progress'] === true,
    queue: record['queue'] === 'max' ? 'max' : 'single',
  };
}
