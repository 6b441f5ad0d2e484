import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import type { Scope } from './expressions.ts';
import { identityOf, perJob, secretsOf } from './identity.ts';
import type { Frame, Job } from './job.ts';
import type { JsonRecord } from './json.ts';
import type { Leg } from './leg.ts';
import type { JobIdentity } from './options.ts';
import { callContexts, type Run } from './run.ts';
import { fillText, fillTexts, literal, membersOf } from './template.ts';
import type { StepsWork } from './workflow-file.ts';

/** What stops a job: its cancellation, and the end of its patience. */
export interface JobSignals {
  readonly signal: AbortSignal;
  readonly hardStop: AbortSignal;
}

/** A job at its first step: empty workspace, contexts, environment. */
export function openJob(leg: Leg, work: StepsWork, { signal, hardStop }: JobSignals): Job {
  const { run, call, job } = leg.node;
  const { source } = call.tree;
  const identity = identityOf(leg, environmentOf(leg, work));
  const secrets = secretsOf(leg, identity);
  const folders = createFolders(run, source.repository);
  const github = { ...run.github, ...folders.github, job: job.id, token: secrets['GITHUB_TOKEN'] ?? '' };
  const scope = { contexts: { ...leg.contexts, github, secrets } };
  return {
    run,
    call,
    id: leg.id,
    name: leg.name,
    identity,
    ...addressesOf(run, identity),
    contexts: scope.contexts,
    secrets,
    defaults: defaultsOf(leg, work, scope),
    workspace: folders.workspace,
    temp: folders.temp,
    trackingId: `local_${randomUUID()}`,
    signal,
    hardStop,
    env: { ...workflowEnv(leg, { github, secrets }), ...fillTexts(work.env, scope) },
    paths: [],
    frame: jobFrame(leg),
    steps: [],
    post: [],
  };
}

function jobFrame({ node }: Leg): Frame {
  const { inputs, tree } = node.call;
  return {
    isJob: true,
    source: tree.source,
    inputs,
    env: {},
    github: {},
    steps: {},
    state: { status: 'success' },
  };
}

function addressesOf(run: Run, identity: JobIdentity): Pick<Job, 'oidcUrl' | 'runtimeToken'> {
  const { oidcUrl, runtimeToken } = run.addresses;
  const token = runtimeToken === undefined ? undefined : perJob(runtimeToken, identity);
  if (token !== undefined) run.masks.add(token);
  return { oidcUrl: oidcUrl === undefined ? undefined : perJob(oidcUrl, identity), runtimeToken: token };
}

function environmentOf(leg: Leg, work: StepsWork): string | undefined {
  if (work.environment === undefined) return undefined;
  const name = work.environment.kind === 'map' ? membersOf(work.environment)['name'] : work.environment;
  const text = fillText(name, { contexts: leg.contexts });
  return text === '' ? undefined : text;
}

interface Folders {
  readonly workspace: string;
  readonly temp: string;
  readonly github: JsonRecord;
}

function createFolders(run: Run, repository: string): Folders {
  const folder = mkdtempSync(join(run.folder, 'job-'));
  const name = basename(repository);
  const workspace = join(folder, name, name);
  const temp = join(folder, '_temp');
  const eventPath = join(temp, '_github_workflow', 'event.json');
  for (const each of [workspace, join(temp, '_github_workflow'), join(run.folder, '_tool')])
    mkdirSync(each, { recursive: true });
  writeFileSync(eventPath, run.eventText);
  return { workspace, temp, github: { workspace, event_path: eventPath } };
}

// Workflow env sees no more than what is the same for all jobs.
function workflowEnv(leg: Leg, more: JsonRecord): Readonly<Record<string, string>> {
  const { run, call } = leg.node;
  return fillTexts(call.tree.file.env, { contexts: { ...callContexts(run, call), ...more } });
}

function defaultsOf(leg: Leg, work: StepsWork, scope: Scope): Job['defaults'] {
  const own = membersOf(membersOf(work.defaults)['run']);
  const common = membersOf(membersOf(leg.node.call.tree.file.defaults)['run']);
  const shell = own['shell'] ?? common['shell'];
  const workingDirectory = own['working-directory'] ?? common['working-directory'];
  return {
    shell: shell === undefined ? undefined : (literal(shell) ?? fillText(shell, scope)),
    workingDirectory: workingDirectory === undefined ? undefined : fillText(workingDirectory, scope),
  };
}
