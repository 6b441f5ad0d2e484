import {
  CALLS,
  executionPath,
  FAULTS,
  jobPath,
  OPERATIONS,
  servicePath,
  workerPoolPath,
} from '../addresses.ts';
import type { FaultFacts } from '../facts/fault-facts.ts';
import type { JobFacts } from '../facts/job-facts.ts';
import type { OperationFacts } from '../facts/operation-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import type { WorkerPoolFacts } from '../facts/worker-pool-facts.ts';
import { headline } from '../headline.ts';
import { html, type Html } from '../html.ts';
import type { Page } from '../layout.ts';
import { activeFaults } from '../parts/active-faults.ts';
import { errorsOf } from '../parts/errors-of.ts';
import { noticeList } from '../parts/notices.ts';
import { operationTable } from '../parts/operation-table.ts';
import { shareBar } from '../parts/share-bar.ts';
import { stateMark } from '../parts/state-mark.ts';
import { table } from '../parts/table.ts';
import { moment } from '../parts/time.ts';
import { count, counted, shortDigests } from '../words.ts';

export interface Overview {
  readonly nowMs: number;
  readonly services: readonly ServiceFacts[];
  /** Services that are there beside those that are shown. */
  readonly moreServices: number;
  readonly jobs: readonly JobFacts[];
  readonly workerPools: readonly WorkerPoolFacts[];
  readonly operations: readonly OperationFacts[];
  readonly faults: readonly FaultFacts[];
  /** Calls in the log. */
  readonly calls: number;
  readonly token: string;
}

export function overviewPage(overview: Overview): Page {
  const { services, moreServices, jobs, workerPools, operations, faults, calls, nowMs, token } = overview;
  const notices = headline(services);
  return {
    title: 'Overview',
    path: '/',
    ...(notices[0] === undefined ? {} : { tone: notices[0].tone }),
    main: html`<h1>Overview</h1>
      ${noticeList(notices)} ${faults.length === 0 ? undefined : faultSection(faults, token)}
      <section aria-labelledby="services">
        <h2 id="services">Services</h2>
        ${services.length === 0 ? noService : services.map(serviceCard)}
        ${
          moreServices === 0
            ? undefined
            : html`<p class="note">And ${counted(moreServices, 'more service')} that changed longer ago.</p>`
        }
      </section>
      <section aria-labelledby="jobs">
        <h2 id="jobs">Jobs</h2>
        ${jobTable(jobs, nowMs)}
      </section>
      ${workerPools.length === 0 ? undefined : workerPoolSection(workerPools)}
      <section aria-labelledby="operations">
        <h2 id="operations">Recent operations</h2>
        ${operationTable(operations, nowMs)}
        <p class="more">
          <a href="${OPERATIONS}">All operations</a>
          <a href="${CALLS}">Call log, ${counted(calls, 'call')}</a>
          <a href="${FAULTS}">Add a fault</a>
        </p>
      </section>`,
  };
}

const noService = html`<p class="empty">
  No service yet. Point a client at this address and create one; the README of the local cloud says how.
</p>`;

function faultSection(faults: readonly FaultFacts[], token: string): Html {
  return html`<section aria-labelledby="faults">
    <h2 id="faults">Active faults</h2>
    ${activeFaults(faults, { token, back: '/' })}
  </section>`;
}

function serviceCard(service: ServiceFacts): Html {
  const { id, name, project, region, url, state, newest, revisions } = service;
  return html`<article class="card" aria-label="Service ${name}">
    <header>
      <h3><a href="${servicePath(id)}">${name}</a></h3>
      ${stateMark(state)}
      <span class="place">${region} <span class="quiet">in ${project}</span></span>
      ${newest === undefined ? undefined : html`<span class="place">newest ${newest}</span>`}
      ${url === undefined ? undefined : html`<a class="url" href="${url}">${url}</a>`}
    </header>
    ${table({
      caption: `Current revisions of ${name}`,
      columns: [
        { label: 'Revision' },
        { label: 'Live share' },
        { label: 'State' },
        { label: 'Requests, 5 min', kind: 'number' },
        { label: 'Errors, 5 min', kind: 'number' },
      ],
      rows: revisions.map((revision) => [
        html`<a href="${servicePath(id, revision.name)}">${revision.name}</a>`,
        shareBar(revision),
        stateMark(revision.state),
        count(revision.recent.requests),
        errorsOf(revision),
      ]),
      empty: 'No revision yet.',
    })}
  </article>`;
}

function workerPoolSection(pools: readonly WorkerPoolFacts[]): Html {
  return html`<section aria-labelledby="worker-pools">
    <h2 id="worker-pools">Worker pools</h2>
    ${table({
      caption: 'Worker pools with their newest revision',
      columns: [
        { label: 'Worker pool' },
        { label: 'Region' },
        { label: 'State' },
        { label: 'Instances', kind: 'number' },
        { label: 'Newest revision' },
        { label: 'Image', kind: 'prose' },
      ],
      rows: pools.map(({ id, name, region, state, instances, newest, image }) => [
        html`<a href="${workerPoolPath(id)}">${name}</a>`,
        region,
        stateMark(state),
        count(instances),
        newest,
        html`<code>${shortDigests(image)}</code>`,
      ]),
    })}
  </section>`;
}

function jobTable(jobs: readonly JobFacts[], nowMs: number): Html {
  return table({
    caption: 'Jobs with their last execution',
    columns: [
      { label: 'Job' },
      { label: 'Region' },
      { label: 'Last execution' },
      { label: 'State' },
      { label: 'Tasks done', kind: 'number' },
      { label: 'Created' },
    ],
    rows: jobs.map((job) => [
      html`<a href="${jobPath(job.id)}">${job.name}</a>`,
      ...lastExecution(job, nowMs),
    ]),
    empty: 'No job yet.',
  });
}

function lastExecution({ region, executions: [last] }: JobFacts, nowMs: number): readonly (Html | string)[] {
  if (last === undefined) return [region, 'Never run', '', '', ''];
  const done = last.tasks.filter(({ state }) => state.word === 'Succeeded').length;
  return [
    region,
    html`<a href="${executionPath(last.id)}">${last.name}</a>`,
    stateMark(last.state),
    `${done} of ${last.tasks.length}`,
    moment(last.createdMs, nowMs) ?? '',
  ];
}
