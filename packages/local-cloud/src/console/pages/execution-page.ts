import type { LogLine } from '../../data-plane.ts';
import { executionPath, jobPath } from '../addresses.ts';
import type { ExecutionFacts, JobFacts, TaskFacts } from '../facts/job-facts.ts';
import { html, type Html } from '../html.ts';
import type { Page } from '../layout.ts';
import { logLines } from '../parts/log-lines.ts';
import { stateMark } from '../parts/state-mark.ts';
import { table } from '../parts/table.ts';
import { moment } from '../parts/time.ts';
import { count } from '../words.ts';
import { lengthOf, tasksDone } from './job-page.ts';

export interface ExecutionReport {
  readonly nowMs: number;
  /** Full and short name of its job. */
  readonly job: Pick<JobFacts, 'id' | 'name'>;
  readonly execution: ExecutionFacts;
  readonly log: readonly LogLine[];
}

export function executionPage({ nowMs, job, execution, log }: ExecutionReport): Page {
  const { id, name, state, message, createdMs, tasks } = execution;
  return {
    title: name,
    path: executionPath(id),
    tone: state.tone,
    main: html`<div class="top">
        <h1>${name}</h1>
        ${stateMark(state)}
        <span class="place">execution of <a href="${jobPath(job.id)}">${job.name}</a></span>
      </div>
      <p role="status" aria-live="polite" class="note">
        ${tasksDone(execution)} tasks done${message === undefined ? '.' : `. ${message}`}
      </p>
      <p class="note">Created ${moment(createdMs, nowMs)}, took ${lengthOf(execution, nowMs)}.</p>
      <section aria-labelledby="tasks">
        <h2 id="tasks">Tasks</h2>
        ${taskTable(tasks, nowMs)}
      </section>
      <section aria-labelledby="log">
        <h2 id="log">Log</h2>
        ${logLines(log, `Log of ${name}`)}
      </section>`,
  };
}

function taskTable(tasks: readonly TaskFacts[], nowMs: number): Html {
  return table({
    caption: 'Tasks by index',
    columns: [
      { label: 'Task' },
      { label: 'State' },
      { label: 'Attempts', kind: 'number' },
      { label: 'Last exit' },
      { label: 'Started' },
      { label: 'Took', kind: 'number' },
      { label: 'Message', kind: 'prose' },
    ],
    rows: tasks.map((task) => [
      task.index,
      stateMark(task.state),
      count(task.attempts),
      exitOf(task),
      moment(task.startedMs, nowMs),
      lengthOf(task, nowMs),
      task.message,
    ]),
  });
}

function exitOf({ exitCode, signal }: TaskFacts): string {
  if (signal !== undefined) return `signal ${signal}`;
  return exitCode === undefined ? '–' : `code ${exitCode}`;
}
