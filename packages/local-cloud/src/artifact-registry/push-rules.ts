import { type PushPolicy, RegistryError } from '../registry/index.ts';
import { repositoryPlace } from './package-name.ts';
import type { RepositoryRecord } from './repositories.ts';
import { hasImmutableTags } from './repository-settings.ts';

export interface PushSettings {
  /** Whether a push is refused whose repository was not made, as the real service does. */
  readonly requireRepositories: boolean;
}

/** What the repositories that were made say about pushes, wherever they are: the registry is one for all locations. */
export interface PushRules extends PushPolicy {
  readonly settings: () => PushSettings;
  readonly change: (settings: PushSettings) => void;
}

export function pushRules(made: ReadonlyMap<string, RepositoryRecord>): PushRules {
  let settings: PushSettings = { requireRepositories: false };
  const owners = (image: string) =>
    [...made].filter(([name]) => image.startsWith(`${repositoryPlace(name).path}/`));
  return {
    hasImmutableTags: (image) => owners(image).some(([, record]) => hasImmutableTags(record)),
    checkPush: (image) => {
      if (settings.requireRepositories && owners(image).length === 0) throw notMade(image);
    },
    settings: () => settings,
    change: (next) => {
      settings = next;
    },
  };
}

/** In the words of Artifact Registry. */
function notMade(image: string): RegistryError {
  const [, repository, short] = image.split('/');
  if (repository !== undefined && short !== undefined)
    return new RegistryError({
      status: 404,
      code: 'NAME_UNKNOWN',
      message: `Repository "${repository}" not found`,
    });
  return new RegistryError({
    status: 400,
    code: 'NAME_INVALID',
    message:
      'Missing image name. Pushes should be of the form docker push HOST-NAME/PROJECT-ID/REPOSITORY/IMAGE',
  });
}
