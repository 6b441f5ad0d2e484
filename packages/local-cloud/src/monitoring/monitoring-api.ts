import type { Clock } from '@fairlead/action-kit';

import { CloudError } from '../control/cloud-error.ts';
import type { World } from '../control/world.ts';
import type { DataPlane } from '../data-plane.ts';
import { readJson, readQuery } from '../http/query.ts';
import { type ApiReply, type ApiRequest, resourceRoute, type Route } from '../http/route.ts';
import { badField, countOf, messageOf, needs, okReply, pageReply } from '../messages/index.ts';
import { aligned } from './align.ts';
import { measured } from './measured.ts';
import { descriptorView, METRICS } from './metrics.ts';
import { reduced } from './reduce.ts';
import { seriesPage } from './series-page.ts';
import { readSeriesQuery } from './series-query.ts';

export interface Monitoring {
  readonly plane: DataPlane;
  readonly world: World;
  readonly clock: Clock;
  readonly lag: MonitoringLag;
}

/** How long after its end a minute can be read; real ones take up to 180 s. */
export interface MonitoringLag {
  seconds: number;
}

/** Cloud Monitoring, v3: the two request metrics of Cloud Run revisions. */
export function monitoringRoutes(monitoring: Monitoring): readonly Route[] {
  return [
    needs(
      'monitoring.timeSeries.list',
      resourceRoute('GET', '/v3/projects/*/timeSeries', (request, name) =>
        listSeries(monitoring, request, name),
      ),
    ),
    needs(
      'monitoring.metricDescriptors.list',
      resourceRoute('GET', '/v3/projects/*/metricDescriptors', (request, name) => {
        const query = readQuery(request, ['filter', 'pageSize', 'pageToken', 'activeOnly']);
        const project = name.split('/').slice(0, 2).join('/');
        return pageReply(query, {
          field: 'metricDescriptors',
          items: METRICS.filter(({ type }) => (query['filter'] ?? type).includes(type)),
          keyOf: ({ type }) => type,
          view: (metric) => descriptorView(project, metric),
        });
      }),
    ),
    {
      method: 'GET',
      pattern: /^\/v3\/(projects\/[^/]+)\/metricDescriptors\/(.+)$/,
      permission: 'monitoring.metricDescriptors.get',
      handle: (_, project = '', type = '') => {
        const metric = METRICS.find((known) => known.type === type);
        if (metric === undefined)
          throw new CloudError('NOT_FOUND', `Could not find descriptor for metric '${type}'.`);
        return okReply(descriptorView(project, metric));
      },
    },
    {
      method: 'PUT',
      pattern: /^\/-\/monitoring$/,
      handle: (request) => {
        const seconds = countOf(messageOf(readJson(request), ['lagSeconds'], ''), 'lagSeconds') ?? 0;
        if (seconds < 0)
          throw badField('lagSeconds', `lagSeconds must be a whole number from 0, got ${seconds}`);
        monitoring.lag.seconds = seconds;
        return okReply({ lagSeconds: seconds });
      },
    },
  ];
}

function listSeries({ plane, world, clock, lag }: Monitoring, request: ApiRequest, name: string): ApiReply {
  const query = readSeriesQuery(request);
  const { filter, alignment, reducer, groupBy } = query;
  const inProject = `${name.slice(0, name.lastIndexOf('/'))}/`;
  const revisions = [...world.revisions.keys()].filter((revision) => revision.startsWith(inProject));
  const sight = { nowMs: clock.now(), endMs: alignment.endMs, lagMs: lag.seconds * 1_000 };
  const raw = measured(filter.metric, { plane, revisions }, sight).filter(filter.fits);
  const all = raw.map((series) => aligned(series, alignment)).filter(({ points }) => points.length > 0);
  return okReply(seriesPage(reduced(all, { reducer, groupBy }), filter.metric, query));
}
