import { ActionFailure } from '@fairlead/action-kit';
import { secretVersion } from './merged-env.ts';
import type { Volume, VolumeMount } from './template.ts';

interface Mounted {
  readonly volumes: readonly Volume[];
  readonly volumeMounts: readonly VolumeMount[];
}

/** What everybody in the container may read: 0444 (CR-22). */
const MODE = 0o444;

/**
 * Volumes and mounts so that each secret is the file that was named for it. Each file has a volume of its own folder;
 * what is mounted elsewhere stays. Throws when two files of one folder come from two secrets: Cloud Run mounts a
 * whole folder from one.
 */
export function mountedSecrets(
  volumes: readonly Volume[] = [],
  volumeMounts: readonly VolumeMount[] = [],
  files: Readonly<Record<string, string>>,
): Mounted {
  const wanted = foldersOf(files);
  const paths = new Set(wanted.map(({ mount }) => mount.mountPath));
  const replaced = new Set(
    volumeMounts.filter(({ mountPath }) => paths.has(mountPath)).map(({ name }) => name),
  );
  return {
    volumes: [...volumes.filter(({ name }) => !replaced.has(name)), ...wanted.map(({ volume }) => volume)],
    volumeMounts: [
      ...volumeMounts.filter(({ mountPath }) => !paths.has(mountPath)),
      ...wanted.map(({ mount }) => mount),
    ],
  };
}

function foldersOf(
  files: Readonly<Record<string, string>>,
): readonly { readonly volume: Volume; readonly mount: VolumeMount }[] {
  const byFolder = Object.groupBy(Object.entries(files), ([path]) => path.slice(0, path.lastIndexOf('/')));
  return Object.entries(byFolder).map(([mountPath, entries = []]) => {
    const items = entries.map(([path, reference]) => ({
      path: path.slice(path.lastIndexOf('/') + 1),
      version: secretVersion(reference).version,
      mode: MODE,
    }));
    const secret = onlySecret(mountPath, entries);
    const name = `secret${mountPath.replace(/[^a-z0-9]+/gi, '-').toLowerCase()}`.slice(0, 63);
    return { volume: { name, secret: { secret, items } }, mount: { name, mountPath } };
  });
}

function onlySecret(folder: string, entries: readonly (readonly [string, string])[]): string {
  const [secret = '', ...others] = new Set(entries.map(([, reference]) => secretVersion(reference).secret));
  if (others.length === 0) return secret;
  throw new ActionFailure(
    `secret files in ${folder} must come from one secret, because Cloud Run mounts a whole folder from one; found ${[secret, ...others].join(', ')}`,
  );
}
