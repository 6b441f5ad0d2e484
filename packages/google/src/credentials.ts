import { ActionFailure, type Environment, type Log } from '@fairlead/action-kit';

/** A bearer token for Google's APIs, refreshed when it is about to expire; masked in the log before it is returned. */
export type TokenSource = () => Promise<string>;

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

const HOW_TO_AUTHENTICATE =
  'in GitHub Actions give the job "permissions: id-token: write" and, before this step, a step with ' +
  '"uses: google-github-actions/auth" and its workload_identity_provider and service_account; ' +
  'elsewhere run "gcloud auth application-default login"';

/**
 * Tokens from application default credentials. Nothing is loaded or looked up before the first token is asked for:
 * the library takes 40 ms of CPU to load and asks the metadata server as soon as it is used.
 */
export function tokenSource(env: Environment, log: Pick<Log, 'mask'>): TokenSource {
  let auth: Promise<TokenSource> | undefined;
  return async () => {
    auth ??= applicationDefault(env);
    const token = await (await auth)();
    log.mask(token);
    return token;
  };
}

async function applicationDefault(env: Environment): Promise<TokenSource> {
  const { GoogleAuth } = await import('google-auth-library');
  const keyFilename = env['GOOGLE_APPLICATION_CREDENTIALS']?.trim() ?? '';
  const auth = new GoogleAuth({ scopes: [SCOPE], ...(keyFilename === '' ? {} : { keyFilename }) });
  return async () => {
    try {
      return (await auth.getAccessToken()) ?? '';
    } catch (cause) {
      throw new ActionFailure(`no credentials for Google Cloud: ${HOW_TO_AUTHENTICATE}`, { cause });
    }
  };
}
