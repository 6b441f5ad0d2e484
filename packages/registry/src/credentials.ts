import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { ActionFailure, type Environment } from '@fairlead/action-kit';

import { isRecord } from './json.ts';
import { isGoogleRegistry } from './registry-failure.ts';

export type Credentials =
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string };

/** Credentials for a registry; undefined when there are none, which is no failure: much may be read by anyone. */
export type CredentialsFor = (registry: string) => Promise<Credentials | undefined>;

/**
 * What `docker login` stored for the registry itself, in `$DOCKER_CONFIG/config.json` or `~/.docker/config.json`; for Google's
 * registries a Google access token otherwise. Credential helpers are not run.
 */
export function credentialsFrom(
  env: Environment,
  googleToken: () => Promise<string | undefined>,
): CredentialsFor {
  return async (registry) => {
    const stored = await storedCredentials(env, registry);
    if (stored !== undefined || !isGoogleRegistry(registry)) return stored;
    const token = await googleToken();
    return token === undefined ? undefined : { kind: 'bearer', token };
  };
}

async function storedCredentials(env: Environment, registry: string): Promise<Credentials | undefined> {
  const file = join(env['DOCKER_CONFIG'] ?? join(env['HOME'] ?? homedir(), '.docker'), 'config.json');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const auths = authsOf(file, text);
  const entry = keysOf(registry)
    .map((key) => auths[key])
    .find(isRecord);
  const auth = entry?.['auth'];
  return typeof auth === 'string' ? decoded(auth) : undefined;
}

function authsOf(file: string, text: string): Readonly<Record<string, unknown>> {
  try {
    const config: unknown = JSON.parse(text);
    return isRecord(config) && isRecord(config['auths']) ? config['auths'] : {};
  } catch (cause) {
    throw new ActionFailure(`expected JSON in ${file}; "docker logout" and "docker login" write it anew`, {
      cause,
    });
  }
}

/** Docker stores its own hub under an address of its first registry. */
function keysOf(registry: string): readonly string[] {
  if (registry === 'docker.io') return ['https://index.docker.io/v1/', 'index.docker.io', 'docker.io'];
  return [registry, `https://${registry}`, `https://${registry}/`, `http://${registry}`];
}

function decoded(auth: string): Credentials | undefined {
  const text = Buffer.from(auth, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 1) return undefined;
  return { kind: 'basic', username: text.slice(0, colon), password: text.slice(colon + 1) };
}
