import type { ApiReply, ApiRequest, Route } from '../http/route.ts';
import { CALLS, FAULTS, ICON, OPERATIONS } from './addresses.ts';
import { faultFacts } from './facts/fault-facts.ts';
import { executionReportOf } from './execution-report-of.ts';
import { allExecutions, jobFacts } from './facts/job-facts.ts';
import { newestOperations } from './facts/operation-facts.ts';
import type { Sources } from './facts/revision-facts.ts';
import type { FormToken } from './form-token.ts';
import { ICON_SVG } from './icon.ts';
import type { Page } from './layout.ts';
import { overviewOf } from './overview-of.ts';
import { pageReply } from './page-reply.ts';
import { callsPage } from './pages/calls-page.ts';
import { executionPage } from './pages/execution-page.ts';
import { faultsPage } from './pages/faults-page.ts';
import { jobPage } from './pages/job-page.ts';
import { missingPage } from './pages/missing-page.ts';
import { operationsPage } from './pages/operations-page.ts';
import { overviewPage } from './pages/overview-page.ts';
import { servicePage } from './pages/service-page.ts';
import { workerPoolPage } from './pages/worker-pool-page.ts';
import type { Sampler } from './sampler.ts';
import { serviceReportOf } from './service-report-of.ts';
import type { Watched } from './watched.ts';
import { workerPoolReportOf } from './worker-pool-report-of.ts';

export interface Pages extends Watched {
  readonly sampler: Sampler;
  readonly token: FormToken;
}

const MOST_OPERATIONS = 100;
const MOST_EXECUTIONS = 100;

/** All that a person can look at. A page that is not there (any more) says so as a page. */
export function pageRoutes(pages: Pages): readonly Route[] {
  const { world, faults, calls, token, clock } = pages;
  const at = (pattern: RegExp, page: PageOf): Route => ({
    method: 'GET',
    pattern,
    handle: (request, ...caught) => reply(pages, page(sourcesOf(pages), { request, caught }), request),
  });
  return [
    at(/^\/$/, (sources) => overviewPage({ ...overviewOf(sources, pages), token: token.value })),
    at(/^\/console\/services\/([^/]+)\/([^/]+)\/([^/]+)$/, (sources, { request, caught }) => {
      const service = world.services.get(fullName(caught, 'services'));
      return (
        service && servicePage(serviceReportOf(sources, service, request.query.get('revision') ?? undefined))
      );
    }),
    at(/^\/console\/jobs\/([^/]+)\/([^/]+)\/([^/]+)$/, (_, { caught }) => {
      const job = world.jobs.get(fullName(caught, 'jobs'));
      return job && jobPage(jobFacts(job, allExecutions(world, job).slice(0, MOST_EXECUTIONS)), clock.now());
    }),
    at(/^\/console\/worker-pools\/([^/]+)\/([^/]+)\/([^/]+)$/, (sources, { request, caught }) => {
      const pool = world.workerPools.get(fullName(caught, 'workerPools'));
      return (
        pool && workerPoolPage(workerPoolReportOf(sources, pool, request.query.get('revision') ?? undefined))
      );
    }),
    at(/^\/console\/executions\/([^/]+)\/([^/]+)\/([^/]+)\/([^/]+)$/, (sources, { request, caught }) => {
      const job = fullName(caught, 'jobs');
      const execution = world.executions.get(`${job}/executions/${caught[3] ?? ''}`);
      return (
        execution &&
        executionPage(executionReportOf(sources, execution, request.query.get('task') ?? undefined))
      );
    }),
    at(exactly(OPERATIONS), () =>
      operationsPage(newestOperations(world, MOST_OPERATIONS), {
        total: world.operations.size,
        nowMs: clock.now(),
      }),
    ),
    at(exactly(FAULTS), (_, { request }) => {
      const problem = request.query.get('problem');
      const shown = { faults: faults.list().map(faultFacts), token: token.value };
      return faultsPage(problem === null ? shown : { ...shown, problem });
    }),
    at(exactly(CALLS), (_, { request }) => callsPage(calls.all(), request.query.get('find') ?? '')),
    { method: 'GET', pattern: exactly(ICON), handle: () => icon },
    { method: 'GET', pattern: /^\/console$/, handle: () => ({ status: 303, headers: { location: '/' } }) },
    at(/^\/console\//, () => undefined),
  ];
}

type PageOf = (
  sources: Sources,
  asked: { readonly request: ApiRequest; readonly caught: readonly string[] },
) => Page | undefined;

function sourcesOf({ world, plane, sampler, clock }: Pages): Sources {
  sampler.sample();
  return { world, plane, history: sampler.history, changes: sampler.changes, nowMs: clock.now() };
}

function reply({ clock }: Pages, page: Page | undefined, request: ApiRequest): ApiReply {
  return page === undefined
    ? pageReply(missingPage(`page ${request.path}`), { nowMs: clock.now(), status: 404 })
    : pageReply(page, { nowMs: clock.now(), query: request.query });
}

const icon: ApiReply = {
  status: 200,
  headers: { 'content-type': 'image/svg+xml', 'cache-control': 'max-age=3600' },
  body: Buffer.from(ICON_SVG),
};

function fullName([project = '', location = '', name = '']: readonly string[], collection: string): string {
  return `projects/${project}/locations/${location}/${collection}/${name}`;
}

function exactly(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.')}$`);
}
