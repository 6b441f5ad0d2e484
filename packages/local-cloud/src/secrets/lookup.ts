import { CloudError } from '../control/cloud-error.ts';
import { badField } from '../messages/index.ts';
import { type Secret, type Secrets, type SecretVersion, versionOf } from './secrets.ts';

/** `projects/P` of a name below it. */
export function parentOf(name: string): string {
  return name.split('/').slice(0, 2).join('/');
}

/** The secret of a resource name `projects/P/secrets/S` or of one below it; throws NOT_FOUND. */
export function secretAt(secrets: Secrets, name: string): Secret {
  const [, project = '', , short = ''] = name.split('/');
  const secret = secrets.find(short);
  if (secret !== undefined) return secret;
  throw new CloudError('NOT_FOUND', `Secret [projects/${project}/secrets/${short}] not found.`);
}

/** The version of `projects/P/secrets/S/versions/V`, V being a number, an alias or `latest`; throws NOT_FOUND. */
export function versionAt(secrets: Secrets, name: string): SecretVersion {
  const secret = secretAt(secrets, name);
  const version = name.split('/')[5] ?? '';
  const found = versionOf(secret, version);
  if (found !== undefined) return found;
  if (version !== 'latest' && !/^[1-9]\d*$/.test(version))
    throw badField(
      'name',
      `The provided version ID [${version}] is neither a number nor "latest" nor an alias of the secret.`,
    );
  throw new CloudError(
    'NOT_FOUND',
    version === 'latest'
      ? `Secret [${name.split('/').slice(0, 4).join('/')}] not found or has no versions.`
      : `Secret Version [${name}] not found.`,
  );
}

/** Throws FAILED_PRECONDITION when an etag is given that is not the current one. */
export function checkEtag(given: string | undefined, current: string): void {
  if (given === undefined || given === '' || given === current) return;
  throw new CloudError(
    'FAILED_PRECONDITION',
    `The etag provided in the request [${given}] does not match the resource's current etag [${current}].`,
  );
}
