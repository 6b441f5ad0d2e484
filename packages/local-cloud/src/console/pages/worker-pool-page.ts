import type { LogLine } from '../../data-plane.ts';
import { workerPoolPath } from '../addresses.ts';
import type { WorkerPoolFacts } from '../facts/worker-pool-facts.ts';
import { html } from '../html.ts';
import type { Page } from '../layout.ts';
import { choice } from '../parts/choice.ts';
import { conditionTable } from '../parts/conditions.ts';
import { logLines } from '../parts/log-lines.ts';
import { stateMark } from '../parts/state-mark.ts';
import { counted } from '../words.ts';

export interface WorkerPoolReport {
  readonly nowMs: number;
  readonly pool: WorkerPoolFacts;
  /** Short names, newest first. */
  readonly revisions: readonly string[];
  /** The one whose log is shown. */
  readonly chosen: string;
  readonly log: readonly LogLine[];
}

export function workerPoolPage({ nowMs, pool, revisions, chosen, log }: WorkerPoolReport): Page {
  const { id, name, region, state, message, instances, newest, image, conditions } = pool;
  const choices = revisions.map((revision) => ({
    label: revision,
    path: workerPoolPath(id, revision),
    isChosen: revision === chosen,
  }));
  return {
    title: name,
    path: workerPoolPath(id),
    tone: state.tone,
    main: html`<div class="top">
        <h1>${name}</h1>
        ${stateMark(state)} <span class="place">worker pool in ${region}</span>
      </div>
      ${message === undefined ? undefined : html`<p class="message" role="status">${message}</p>`}
      <p class="note">
        It is to have ${counted(instances, 'instance')}. Its newest revision ${newest} runs
        <code>${image}</code>.
      </p>
      <section aria-labelledby="log">
        <h2 id="log">Log</h2>
        ${choices.length < 2 ? undefined : choice('Revision of the log', choices)}
        ${logLines(log, `Log of ${chosen}`)}
      </section>
      <section aria-labelledby="conditions">
        <h2 id="conditions">Conditions</h2>
        ${conditionTable(conditions, nowMs)}
      </section>`,
  };
}
