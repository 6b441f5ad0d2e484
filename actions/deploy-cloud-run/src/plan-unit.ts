import {
  buildTemplate,
  isSameContent,
  liveTrafficOf,
  type RevisionIntent,
  revisionName,
  type RevisionTemplate,
  type Service,
  type ServiceChange,
} from '@fairlead/cloud-run';
import { formatJournal, JOURNAL_ANNOTATION, planStage, type StagePlan, targetsOf } from '@fairlead/rollout';

export interface UnitIntent {
  readonly service: string;
  readonly release: string;
  /** Absent for a worker. */
  readonly tag: string | undefined;
  readonly revision: RevisionIntent;
  /** A revision of the same content that did not start: another one is made beside it. */
  readonly failed: string | undefined;
}

export interface UnitPlan {
  readonly kind: 'create' | 'update' | 'nothing';
  readonly revision: string;
  readonly isReused: boolean;
  readonly stage: StagePlan;
  readonly change: ServiceChange;
}

/** What to write so that the candidate stands beside what serves; only what differs is written. */
export function planUnit(live: Service | undefined, intent: UnitIntent): UnitPlan {
  const { service, release, tag, failed } = intent;
  const template = buildTemplate(live?.template, intent.revision);
  const existing = failed === undefined ? existingRevision(live, template) : undefined;
  const revision = existing ?? nextName(service, template, failed);
  const traffic = live === undefined ? undefined : liveTrafficOf(live);
  const stage = planStage(traffic, { release, revision, tag });
  const settings = settingsChange(live, intent.revision);
  const isReused = existing !== undefined;
  const isChange = !isReused || stage.isChange || Object.keys(settings).length > 0;
  return {
    kind: live === undefined ? 'create' : isChange ? 'update' : 'nothing',
    revision,
    isReused,
    stage,
    change: {
      ...(isReused ? {} : { template: { ...template, revision } }),
      traffic: targetsOf(stage.traffic),
      annotations: { ...live?.annotations, [JOURNAL_ANNOTATION]: formatJournal(stage.journal) },
      ...settings,
    },
  };
}

/** The newest revision, when it has this very content already. */
function existingRevision(live: Service | undefined, template: RevisionTemplate): string | undefined {
  if (live === undefined || !isSameContent(live.template, template)) return undefined;
  return live.template.revision ?? live.latestCreatedRevision;
}

function nextName(service: string, template: RevisionTemplate, failed: string | undefined): string {
  const number = /-(\d{1,2})$/.exec(failed ?? '')?.[1];
  const isSecondTry = failed === revisionName(service, template);
  if (isSecondTry) return revisionName(service, template, 2);
  const attempt = Number(number ?? 0);
  const isLaterTry = failed !== undefined && failed === revisionName(service, template, attempt);
  return revisionName(service, template, isLaterTry ? attempt + 1 : 1);
}

const INGRESS = {
  all: 'INGRESS_TRAFFIC_ALL',
  internal: 'INGRESS_TRAFFIC_INTERNAL_ONLY',
  'internal-and-load-balancer': 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER',
} as const;

// Public by switching the invoker check off: it needs no IAM call, no right to set policies, and works where the
// organisation forbids to grant anything to allUsers.
function settingsChange(live: Service | undefined, { settings }: RevisionIntent): ServiceChange {
  const ingress = settings.ingress === undefined ? undefined : INGRESS[settings.ingress];
  const isOpen = settings.public;
  return {
    ...(ingress === undefined || ingress === live?.ingress ? {} : { ingress }),
    ...(isOpen === undefined || isOpen === (live?.invokerIamDisabled ?? false)
      ? {}
      : { invokerIamDisabled: isOpen }),
  };
}
