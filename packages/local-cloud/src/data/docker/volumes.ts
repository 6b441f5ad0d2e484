import { type SharedFolders, StartFailure } from '../containers/engine.ts';
import { cloudLabel } from './cloud-label.ts';
import { type EngineApi, messageIn } from './engine-api.ts';

interface Owner {
  readonly cloudId: string;
  readonly instance: string;
}

/** Volumes in the engine's memory, as Cloud Run has them, for the containers of one instance. */
export async function openVolumes(
  api: EngineApi,
  owner: Owner,
  names: readonly string[],
): Promise<SharedFolders> {
  const volumes = names.map((name): [string, string] => [
    name,
    `fairlead-${owner.cloudId}-${owner.instance}-${name}`,
  ]);
  await Promise.all(volumes.map(([, volume]) => createVolume(api, owner, volume)));
  return {
    places: Object.fromEntries(volumes),
    remove: async () => {
      await Promise.all(volumes.map(([, volume]) => removeVolume(api, volume)));
    },
  };
}

/** Those that a run of the id has left. */
export async function removeVolumes(api: EngineApi, cloudId: string): Promise<void> {
  const filters = encodeURIComponent(JSON.stringify({ label: [`${cloudLabel}=${cloudId}`] }));
  const { body } = await api.call({ method: 'GET', path: `/volumes?filters=${filters}` });
  const { Volumes: volumes } = body as { readonly Volumes?: unknown };
  // An engine without any says so by nothing at all.
  const named = Array.isArray(volumes) ? (volumes as readonly { readonly Name: string }[]) : [];
  await Promise.all(named.map(({ Name }) => removeVolume(api, Name)));
}

async function createVolume(api: EngineApi, { cloudId }: Owner, name: string): Promise<void> {
  const answer = await api.call({
    method: 'POST',
    path: '/volumes/create',
    body: {
      Name: name,
      Labels: { [cloudLabel]: cloudId },
      Driver: 'local',
      DriverOpts: { type: 'tmpfs', device: 'tmpfs' },
    },
  });
  if (answer.status === 201) return;
  throw new StartFailure(
    'HEALTH_CHECK_CONTAINER_ERROR',
    `Application failed to start: volume "${name}" cannot be made: ${messageIn(answer)}`,
  );
}

async function removeVolume(api: EngineApi, name: string): Promise<void> {
  await api.call({ method: 'DELETE', path: `/volumes/${name}?force=true` });
}
