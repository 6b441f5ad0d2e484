import { servicePath } from '../addresses.ts';
import type { RevisionFacts } from '../facts/revision-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import { headline } from '../headline.ts';
import { html, type Html } from '../html.ts';
import type { LogLine } from '../../data-plane.ts';
import type { Page } from '../layout.ts';
import { changeTable } from '../parts/change-table.ts';
import { choice } from '../parts/choice.ts';
import { conditionTable } from '../parts/conditions.ts';
import { errorsOf } from '../parts/errors-of.ts';
import { logLines } from '../parts/log-lines.ts';
import { noticeList } from '../parts/notices.ts';
import { requestChart, type Series } from '../parts/request-chart.ts';
import { shareBar } from '../parts/share-bar.ts';
import { stateMark } from '../parts/state-mark.ts';
import { table } from '../parts/table.ts';
import { moment } from '../parts/time.ts';
import { count, percentOf } from '../words.ts';

export interface ServiceReport {
  readonly nowMs: number;
  readonly service: ServiceFacts;
  readonly series: readonly Series[];
  readonly barMs: number;
  /** The revision whose log is shown. */
  readonly chosen?: string;
  readonly log: readonly LogLine[];
}

export function servicePage({ nowMs, service, series, barMs, chosen, log }: ServiceReport): Page {
  const { id, name, project, region, url, state } = service;
  const notices = headline([service]);
  return {
    title: name,
    path: servicePath(id),
    ...(notices[0] === undefined ? {} : { tone: notices[0].tone }),
    main: html`<div class="top">
        <h1>${name}</h1>
        ${stateMark(state)} <span class="place">${region} <span class="quiet">in ${project}</span></span>
        ${url === undefined ? undefined : html`<a class="url" href="${url}">${url}</a>`}
      </div>
      ${noticeList(notices)}
      <section aria-labelledby="traffic">
        <h2 id="traffic">Traffic</h2>
        ${requestChart(series, { barMs, changesMs: service.changes.map(({ atMs }) => atMs) })}
        <details>
          <summary>The changes of traffic</summary>
          ${changeTable(service.changes, nowMs)}
        </details>
      </section>
      <section aria-labelledby="revisions">
        <h2 id="revisions">Revisions</h2>
        ${revisionTable(service, nowMs)} ${startFailures(service)}
      </section>
      <section aria-labelledby="log">
        <h2 id="log">Log</h2>
        ${revisionChoice(service, chosen)}
        ${chosen === undefined ? undefined : logLines(log, `Log of ${chosen}`)}
      </section>
      <section aria-labelledby="conditions">
        <h2 id="conditions">Conditions</h2>
        ${conditionTable(service.conditions, nowMs)}
      </section>`,
  };
}

function revisionTable({ name, id, revisions }: ServiceFacts, nowMs: number): Html {
  const byShare = revisions.reduce((sum, { byShareSinceChange }) => sum + byShareSinceChange, 0);
  return table({
    caption: `Revisions of ${name}, newest first. Measured: since the shares were last changed; requests and errors: last 5 minutes`,
    columns: [
      { label: 'Revision' },
      { label: 'Live share' },
      { label: 'Measured', kind: 'number' },
      { label: 'Requests', kind: 'number' },
      { label: '4xx', kind: 'number' },
      { label: 'Errors (5xx)', kind: 'number' },
      { label: 'Instances', kind: 'number' },
      { label: 'Tags' },
      { label: 'Image' },
      { label: 'Created' },
    ],
    rows: revisions.map((revision) => [
      html`<a href="${servicePath(id, revision.name)}">${revision.name}</a>
        <div>${stateMark(revision.state)}</div>`,
      shareBar(revision),
      percentOf(revision.byShareSinceChange, byShare) ?? '–',
      count(revision.recent.requests),
      count(revision.recent.refused),
      errorsOf(revision),
      count(revision.instances),
      tagLinks(revision),
      imageName(revision.image),
      moment(revision.createdMs, nowMs),
    ]),
    empty: 'No revision yet.',
  });
}

/** Said below the table: in it, a long message would squeeze the numbers. */
function startFailures({ revisions }: ServiceFacts): readonly Html[] {
  return revisions.flatMap(({ name, message }) =>
    message === undefined ? [] : [html`<p class="message"><strong>${name}</strong>: ${message}</p>`],
  );
}

function tagLinks({ tags }: RevisionFacts): Html | undefined {
  if (tags.length === 0) return undefined;
  return html`<ul class="tags">
    ${tags.map(
      ({ name, url }) => html`<li>${url === undefined ? name : html`<a href="${url}">${name}</a>`}</li>`,
    )}
  </ul>`;
}

/** The digest or the tag to see, the whole name to open. */
function imageName(image: string): Html {
  const digest = /@sha256:([0-9a-f]{12})/.exec(image)?.[1];
  return html`<details class="image">
    <summary>${digest ?? image.slice(image.lastIndexOf('/') + 1)}</summary>
    <code>${image}</code>
  </details>`;
}

function revisionChoice({ id, revisions }: ServiceFacts, chosen: string | undefined): Html | undefined {
  if (revisions.length < 2) return undefined;
  return choice(
    'Revision of the log',
    revisions
      .slice(0, MOST_CHOICES)
      .map(({ name }) => ({ label: name, path: servicePath(id, name), isChosen: name === chosen })),
  );
}

const MOST_CHOICES = 12;
