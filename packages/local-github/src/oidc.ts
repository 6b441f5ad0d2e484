import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** Who asks for a token: what GitHub knows of the job. */
export interface Subject {
  /** `owner/name`. */
  readonly repository: string;
  readonly repositoryId: string;
  readonly ownerId: string;
  readonly ref: string;
  readonly sha: string;
  readonly workflowRef: string;
  readonly jobWorkflowRef: string;
  readonly event: string;
  readonly environment?: string;
}

export interface Issuer {
  readonly token: (audience: string, subject: Subject) => string;
  /** The JSON Web Key Set that a relying party fetches. */
  readonly keys: unknown;
}

const LIFETIME_SECONDS = 300;

/** Issues tokens as GitHub's OIDC provider does, with the immutable subject of repositories made after 2026-07-15. */
export function createIssuer(url: string, nowSeconds: () => number): Issuer {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = publicKey.export({ format: 'jwk' });
  const kid = createHash('sha256').update(JSON.stringify(jwk)).digest('base64url').slice(0, 16);
  return {
    keys: { keys: [{ ...jwk, kid, alg: 'RS256', use: 'sig' }] },
    token: (audience, subject) => {
      const issuedAt = nowSeconds();
      const claims = {
        ...claimsOf(subject),
        iss: url,
        aud: audience,
        iat: issuedAt,
        nbf: issuedAt,
        exp: issuedAt + LIFETIME_SECONDS,
      };
      return signed({ alg: 'RS256', typ: 'JWT', kid }, claims, privateKey);
    },
  };
}

function claimsOf(subject: Subject): Readonly<Record<string, unknown>> {
  const [owner = '', name = ''] = subject.repository.split('/');
  const context =
    subject.environment === undefined ? `ref:${subject.ref}` : `environment:${subject.environment}`;
  return {
    sub: `repo:${owner}@${subject.ownerId}/${name}@${subject.repositoryId}:${context}`,
    repository: subject.repository,
    repository_id: subject.repositoryId,
    repository_owner: owner,
    repository_owner_id: subject.ownerId,
    ref: subject.ref,
    sha: subject.sha,
    event_name: subject.event,
    workflow_ref: subject.workflowRef,
    job_workflow_ref: subject.jobWorkflowRef,
    ...(subject.environment === undefined ? {} : { environment: subject.environment }),
  };
}

function signed(header: unknown, claims: unknown, key: KeyObject): string {
  const content = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${content}.${sign('sha256', Buffer.from(content), key).toString('base64url')}`;
}
