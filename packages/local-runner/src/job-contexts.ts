import { dirname } from 'node:path';

import { type Scope, textOf } from './expressions.ts';
import type { Act, Frame, Job } from './job.ts';
import { isRecord, type JsonRecord } from './json.ts';

/** What a step's expressions see. */
export function stepScope(
  job: Job,
  frame: Frame,
  more: { readonly env: Readonly<Record<string, string>>; readonly github?: JsonRecord },
): Scope {
  const { status } = frame.isJob ? job.frame.state : frame.state;
  return {
    contexts: {
      ...job.contexts,
      ...(frame.isJob ? { secrets: job.secrets } : { secrets: undefined, needs: undefined }),
      inputs: frame.inputs,
      env: more.env,
      steps: frame.steps,
      github: { ...githubOf(job), ...frame.github, ...more.github },
      job: jobContext(job),
      runner: runnerContext(job),
    },
    status: {
      success: () => status === 'success',
      failure: () => status === 'failure',
      cancelled: () => job.frame.state.status === 'cancelled',
    },
    workspace: job.workspace,
  };
}

/** The environment of a step's process, without inputs and state. */
export function processEnv(act: Act): Readonly<Record<string, string>> {
  const { job, env, scope } = act;
  const github = scope.contexts['github'];
  return {
    ...job.run.baseEnv,
    CI: 'true',
    ...env,
    PATH: [...job.paths.toReversed(), env['PATH'] ?? job.run.baseEnv['PATH'] ?? ''].join(':'),
    GITHUB_ACTIONS: 'true',
    ...prefixed('GITHUB_', github !== undefined && isRecord(github) ? github : {}, GITHUB_ENV),
    ...prefixed('RUNNER_', runnerContext(job), Object.keys(runnerContext(job))),
    RUNNER_TRACKING_ID: job.trackingId,
    ...oidcEnv(job),
  };
}

/** What only JavaScript actions are told: where the run's artifacts are. */
export function runtimeEnv({ run, runtimeToken }: Job): Readonly<Record<string, string>> {
  const { resultsUrl } = run.addresses;
  return {
    ...(runtimeToken === undefined ? {} : { ACTIONS_RUNTIME_TOKEN: runtimeToken }),
    ...(resultsUrl === undefined ? {} : { ACTIONS_RESULTS_URL: resultsUrl, ACTIONS_RUNTIME_URL: resultsUrl }),
  };
}

const GITHUB_ENV =
  'action action_path action_ref action_repository actor actor_id api_url base_ref env event_name event_path graphql_url head_ref job output path ref ref_name ref_protected ref_type repository repository_id repository_owner repository_owner_id retention_days run_attempt run_id run_number server_url sha state step_summary triggering_actor workflow workflow_ref workflow_sha workspace'.split(
    ' ',
  );

function githubOf(job: Job): JsonRecord {
  const github = job.contexts['github'];
  return github !== undefined && isRecord(github) ? github : {};
}

function jobContext(job: Job): JsonRecord {
  const { source, path } = job.call.tree;
  return {
    status: job.frame.state.status,
    workflow_repository: source.repository,
    workflow_ref: `${source.repository}/${path}@${source.ref}`,
    workflow_sha: source.sha,
    workflow_file_path: path,
  };
}

function runnerContext({ temp, workspace, run, secrets }: Job): JsonRecord {
  const isDebug = (secrets['ACTIONS_STEP_DEBUG'] ?? run.vars['ACTIONS_STEP_DEBUG']) === 'true';
  const os =
    { linux: 'Linux', darwin: 'macOS', win32: 'Windows' }[process.platform as string] ?? process.platform;
  return {
    os,
    arch: process.arch.toUpperCase(),
    name: 'local-runner',
    environment: 'self-hosted',
    temp,
    tool_cache: `${run.folder}/_tool`,
    workspace: dirname(workspace),
    ...(isDebug ? { debug: '1' } : {}),
  };
}

// Only a job that may ask for an identity token learns where.
function oidcEnv({ identity, oidcUrl, runtimeToken }: Job): Readonly<Record<string, string>> {
  if (identity.permissions['id-token'] !== 'write' || oidcUrl === undefined) return {};
  return { ACTIONS_ID_TOKEN_REQUEST_URL: oidcUrl, ACTIONS_ID_TOKEN_REQUEST_TOKEN: runtimeToken ?? '' };
}

function prefixed(
  prefix: string,
  record: JsonRecord,
  names: readonly string[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names
      .filter((name) => name in record)
      .map((name) => [`${prefix}${name.toUpperCase()}`, textOf(record[name])]),
  );
}
