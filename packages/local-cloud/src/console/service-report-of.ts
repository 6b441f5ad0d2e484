import type { ServiceRecord } from '../control/world.ts';
import { allRevisions, type Sources } from './facts/revision-facts.ts';
import { serviceFacts } from './facts/service-facts.ts';
import type { ServiceReport } from './pages/service-page.ts';
import { type Bar, barsOf } from './traffic-reading.ts';

const BARS = 60;
const BAR_MS = 15_000;
const MOST_REVISIONS = 30;

/** `asked` is the short name of the revision whose log is to be shown; unless it is one of them, that which errs, else the newest. */
export function serviceReportOf(sources: Sources, service: ServiceRecord, asked?: string): ServiceReport {
  const facts = serviceFacts(sources, service, allRevisions(sources.world, service).slice(0, MOST_REVISIONS));
  const chosen =
    facts.revisions.find(({ name }) => name === asked) ??
    facts.revisions.find(({ erring }) => erring !== undefined) ??
    facts.revisions[0];
  return {
    nowMs: sources.nowMs,
    service: facts,
    barMs: BAR_MS,
    series: facts.revisions
      .map(({ name, live }) => ({ revision: name, live, bars: barsFor(sources, service, name) }))
      .filter(isShown),
    ...(chosen === undefined ? {} : { chosen: chosen.name }),
    log:
      chosen === undefined
        ? []
        : sources.plane.logs({ revision: `${service.name}/revisions/${chosen.name}` }),
  };
}

function barsFor({ history, nowMs }: Sources, service: ServiceRecord, revision: string): readonly Bar[] {
  return barsOf(history.slots(`${service.name}/revisions/${revision}`), { nowMs, bars: BARS, barMs: BAR_MS });
}

/** One that has a share is shown even while nothing comes: that nothing comes is what a person must see. */
function isShown({ live, bars }: { readonly live: number; readonly bars: readonly Bar[] }): boolean {
  return live > 0 || bars.some(({ requests }) => requests > 0);
}
