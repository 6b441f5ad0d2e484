import { constants } from 'node:os';

import type { TaskOutcome } from '../data-plane.ts';
import type { ExecutionRecord, TaskAttempt, TaskRecord } from './world.ts';

/** The name under which the data plane runs the current attempt of a task. */
export function attemptId({ name, attempt }: TaskRecord): string {
  return `${name}#${attempt}`;
}

/** The task that an attempt's name was made from. */
export function taskOfAttempt(id: string): string {
  return id.slice(0, id.lastIndexOf('#'));
}

/** A task after one attempt: over, or waiting for its next one while it has retries left. */
export function afterAttempt(
  micros: number,
  ended: { readonly execution: ExecutionRecord; readonly task: TaskRecord; readonly outcome: TaskOutcome },
): TaskRecord {
  const { execution, task, outcome } = ended;
  const updateMicros = micros;
  const done = { ...task, completionMicros: updateMicros, updateMicros, last: attemptOf(outcome) };
  if (outcome.kind === 'exited' && outcome.exitCode === 0) return { ...done, state: 'succeeded' };
  if (outcome.kind === 'cancelled' || execution.isCancelled) return { ...done, state: 'cancelled' };
  const retries = execution.template.template?.maxRetries ?? 3;
  if (outcome.kind === 'not-started' || task.attempt >= retries) return { ...done, state: 'failed' };
  return { ...task, updateMicros, last: attemptOf(outcome), state: 'pending', attempt: task.attempt + 1 };
}

function attemptOf(outcome: TaskOutcome): TaskAttempt {
  switch (outcome.kind) {
    case 'exited':
      return outcome.exitCode === 0
        ? { message: '' }
        : { message: outcome.message, exitCode: outcome.exitCode };
    case 'signalled':
      return { message: outcome.message, termSignal: signalNumber(outcome.signal) };
    case 'timed-out':
    case 'cancelled':
      return { message: outcome.message };
    case 'not-started':
      return {
        message: outcome.message,
        reason: outcome.reason === 'CONTAINER_MISSING' ? outcome.reason : 'UNKNOWN',
      };
  }
}

function signalNumber(name: string): number {
  return new Map(Object.entries(constants.signals)).get(name) ?? constants.signals.SIGKILL;
}
