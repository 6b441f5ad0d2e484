import { executionPath, jobPath } from '../addresses.ts';
import type { ExecutionFacts, JobFacts } from '../facts/job-facts.ts';
import { html } from '../html.ts';
import type { Page } from '../layout.ts';
import { stateMark } from '../parts/state-mark.ts';
import { table } from '../parts/table.ts';
import { moment } from '../parts/time.ts';
import { duration } from '../words.ts';

export function jobPage(job: JobFacts, nowMs: number): Page {
  const { id, name, region, project, image, message, executions } = job;
  return {
    title: name,
    path: jobPath(id),
    ...(executions[0] === undefined ? {} : { tone: executions[0].state.tone }),
    main: html`<div class="top">
        <h1>${name}</h1>
        <span class="place">job in ${region} <span class="quiet">in ${project}</span></span>
        <code>${image}</code>
      </div>
      ${message === undefined ? undefined : html`<p class="message">${message}</p>`}
      <section aria-labelledby="executions">
        <h2 id="executions">Executions</h2>
        ${table({
          caption: `Executions of ${name}, newest first`,
          columns: [
            { label: 'Execution' },
            { label: 'State' },
            { label: 'Tasks done', kind: 'number' },
            { label: 'Created' },
            { label: 'Took', kind: 'number' },
            { label: 'Message', kind: 'prose' },
          ],
          rows: executions.map((execution) => [
            html`<a href="${executionPath(execution.id)}">${execution.name}</a>`,
            stateMark(execution.state),
            tasksDone(execution),
            moment(execution.createdMs, nowMs),
            lengthOf(execution, nowMs),
            execution.message,
          ]),
          empty: 'Never run.',
        })}
      </section>`,
  };
}

export function tasksDone({ tasks }: ExecutionFacts): string {
  return `${tasks.filter(({ state }) => state.word === 'Succeeded').length} of ${tasks.length}`;
}

/** From its start to its end, or to now while it runs. */
export function lengthOf(
  { startedMs, endedMs }: { readonly startedMs?: number; readonly endedMs?: number },
  nowMs: number,
): string {
  return startedMs === undefined ? '–' : duration((endedMs ?? nowMs) - startedMs);
}
