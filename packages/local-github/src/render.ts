import type { CheckRun, Comment, Deployment, DeploymentStatus } from './repository-store.ts';

/** Where the answer's links lead: the API's own address and the repository. */
export interface Place {
  readonly api: string;
  /** `owner/name`. */
  readonly repository: string;
}

export function renderDeployment(deployment: Deployment, place: Place): unknown {
  const url = `${at(place)}/deployments/${deployment.id}`;
  return {
    id: deployment.id,
    node_id: nodeId('Deployment', deployment.id),
    url,
    sha: deployment.sha,
    ref: deployment.ref,
    task: deployment.task,
    payload: deployment.payload ?? {},
    original_environment: deployment.environment,
    environment: deployment.environment,
    description: deployment.description ?? null,
    creator: bot(place),
    created_at: deployment.createdAt,
    updated_at: deployment.createdAt,
    statuses_url: `${url}/statuses`,
    repository_url: at(place),
    transient_environment: false,
    production_environment: deployment.environment === 'production',
  };
}

export function renderStatus(status: DeploymentStatus, place: Place): unknown {
  const deployment = `${at(place)}/deployments/${status.deployment}`;
  return {
    id: status.id,
    node_id: nodeId('DeploymentStatus', status.id),
    url: `${deployment}/statuses/${status.id}`,
    state: status.state,
    creator: bot(place),
    description: status.description,
    environment_url: status.environmentUrl,
    target_url: status.logUrl,
    log_url: status.logUrl,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    deployment_url: deployment,
    repository_url: at(place),
  };
}

export function renderCheck(check: CheckRun, place: Place): unknown {
  const url = `${at(place)}/check-runs/${check.id}`;
  return {
    id: check.id,
    node_id: nodeId('CheckRun', check.id),
    head_sha: check.headSha,
    external_id: null,
    url,
    html_url: `https://github.com/${place.repository}/runs/${check.id}`,
    details_url: null,
    status: check.status,
    conclusion: check.conclusion ?? null,
    started_at: check.startedAt,
    completed_at: check.completedAt ?? null,
    output: {
      title: check.output.title ?? null,
      summary: check.output.summary ?? null,
      text: null,
      annotations_count: check.output.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    name: check.name,
    check_suite: null,
    app: null,
    pull_requests: [],
  };
}

export function renderComment(comment: Comment, place: Place): unknown {
  return {
    id: comment.id,
    node_id: nodeId('IssueComment', comment.id),
    url: `${at(place)}/issues/comments/${comment.id}`,
    html_url: `https://github.com/${place.repository}/issues/${comment.issue}#issuecomment-${comment.id}`,
    issue_url: `${at(place)}/issues/${comment.issue}`,
    body: comment.body,
    user: bot(place),
    author_association: 'NONE',
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
  };
}

function at({ api, repository }: Place): string {
  return `${api}/repos/${repository}`;
}

function nodeId(kind: string, id: number): string {
  return Buffer.from(`${kind}:${id}`).toString('base64');
}

function bot({ api }: Place): unknown {
  const url = `${api}/users/github-actions%5Bbot%5D`;
  return {
    login: 'github-actions[bot]',
    id: 41898282,
    node_id: 'MDM6Qm90NDE4OTgyODI=',
    avatar_url: 'https://avatars.githubusercontent.com/in/15368?v=4',
    gravatar_id: '',
    url,
    html_url: 'https://github.com/apps/github-actions',
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: 'Bot',
    site_admin: false,
  };
}
