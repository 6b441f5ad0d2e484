import { isRecord, type Json, type JsonRecord } from './json.ts';
import type { RunOptions } from './options.ts';
import type { Source } from './sources.ts';
import type { WorkflowTree } from './workflow-tree.ts';

export interface GitHubFacts {
  readonly source: Source;
  readonly event: Json;
  readonly tree: WorkflowTree;
}

/** The `github` context of a run, without what belongs to a job or a step. */
export function githubOf(options: RunOptions, { source, event, tree }: GitHubFacts): JsonRecord {
  const { github, runId = 1, runNumber = 1, runAttempt = 1 } = options;
  const actor = options.actor ?? 'octocat';
  const [owner = ''] = source.repository.split('/');
  return {
    actor,
    actor_id: '1',
    triggering_actor: actor,
    api_url: github?.apiUrl ?? 'https://api.github.com',
    graphql_url: github?.apiUrl === undefined ? 'https://api.github.com/graphql' : `${github.apiUrl}/graphql`,
    server_url: 'https://github.com',
    event,
    event_name: options.event.name,
    ...refsOf(source.ref, event),
    repository: source.repository,
    repository_id: '1',
    repository_owner: owner,
    repository_owner_id: '1',
    repository_visibility: 'private',
    retention_days: '90',
    run_id: String(runId),
    run_number: String(runNumber),
    run_attempt: String(runAttempt),
    secret_source: 'Actions',
    sha: source.sha,
    workflow: tree.file.name,
    workflow_ref: `${source.repository}/${tree.path}@${source.ref}`,
    workflow_sha: source.sha,
  };
}

function refsOf(ref: string, event: Json): JsonRecord {
  const pull = memberOf(event, 'pull_request');
  return {
    ref,
    ref_name: ref.replace(/^refs\/(heads|tags|pull)\//, ''),
    ref_type: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    ref_protected: false,
    head_ref: memberOf(memberOf(pull, 'head'), 'ref') ?? '',
    base_ref: memberOf(memberOf(pull, 'base'), 'ref') ?? '',
  };
}

function memberOf(value: Json, name: string): Json {
  return value !== undefined && isRecord(value) ? value[name] : undefined;
}
