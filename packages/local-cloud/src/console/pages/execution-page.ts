import type { LogLine } from '../../data-plane.ts';
import { executionPath, jobPath } from '../addresses.ts';
import type { ExecutionFacts, JobFacts, TaskFacts } from '../facts/job-facts.ts';
import { html, type Html } from '../html.ts';
import type { Page } from '../layout.ts';
import { choice } from '../parts/choice.ts';
import { logLines } from '../parts/log-lines.ts';
import { stateMark } from '../parts/state-mark.ts';
import { table } from '../parts/table.ts';
import { moment } from '../parts/time.ts';
import { count } from '../words.ts';
import { lengthOf, tasksDone } from './job-page.ts';

export interface ExecutionReport {
  readonly nowMs: number;
  readonly job: Pick<JobFacts, 'id' | 'name' | 'region'>;
  readonly execution: ExecutionFacts;
  /** Index of the task whose log is shown; that of all unless told. */
  readonly chosen?: number;
  readonly log: readonly LogLine[];
}

export function executionPage({ nowMs, job, execution, chosen, log }: ExecutionReport): Page {
  const { id, name, state, message, createdMs, tasks } = execution;
  return {
    title: name,
    path: executionPath(id),
    tone: state.tone,
    main: html`<div class="top">
        <h1>${name}</h1>
        ${stateMark(state)}
        <span class="place">execution of <a href="${jobPath(job.id)}">${job.name}</a> in ${job.region}</span>
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
        ${tasks.length < 2 ? undefined : taskChoice(execution, chosen)}
        ${logLines(log, `Log of ${name}${chosen === undefined ? '' : `, task ${chosen}`}`)}
      </section>`,
  };
}

function taskChoice({ id, tasks }: ExecutionFacts, chosen: number | undefined): Html {
  const indexes = tasks.slice(0, MOST_CHOICES).map(({ index }) => index);
  return choice('Task of the log', [
    { label: 'All tasks', path: `${executionPath(id)}#log`, isChosen: chosen === undefined },
    ...indexes.map((index) => ({
      label: `Task ${index}`,
      path: `${executionPath(id)}?task=${index}#log`,
      isChosen: chosen === index,
    })),
  ]);
}

const MOST_CHOICES = 20;

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
