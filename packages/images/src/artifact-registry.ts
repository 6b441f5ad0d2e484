/** The parts of an image's place in Artifact Registry. */
export interface ArtifactRegistryPath {
  readonly location: string;
  /** Domain-scoped projects as `example.com:name`. */
  readonly project: string;
  readonly repository: string;
  /** May have slashes. */
  readonly image: string;
}

/** Where an image is. */
export interface Place {
  /** Host and, where it is said, port. */
  readonly registry: string;
  /** Path below the registry. */
  readonly repository: string;
}

const HOST = /^([a-z]+(?:-[a-z]+\d+)?)-docker\.pkg\.dev$/;
const PROJECT = /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/;
const REPOSITORY = /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** The parts of a place in Artifact Registry; undefined for other registries. The place must have been parsed. */
export function artifactRegistryPath({ registry, repository }: Place): ArtifactRegistryPath | undefined {
  const location = HOST.exec(registry)?.[1];
  if (location === undefined) return undefined;
  const parts = repository.split('/');
  const isScoped = parts[0]?.includes('.') ?? false;
  const [project = '', name = '', ...image] = isScoped
    ? [parts.slice(0, 2).join(':'), ...parts.slice(2)]
    : parts;
  return { location, project, repository: name, image: image.join('/') };
}

/** Throws what `invalid` makes of the reason when the host is Artifact Registry's and the path cannot be one of its images. */
export function checkArtifactRegistryPath(place: Place, invalid: (because: string) => Error): void {
  if (place.registry.endsWith('docker.pkg.dev') && !HOST.test(place.registry))
    throw invalid(`"${place.registry}" must be LOCATION-docker.pkg.dev`);
  const path = artifactRegistryPath(place);
  if (path === undefined) return;
  if (path.image === '') throw invalid('Artifact Registry needs PROJECT/REPOSITORY/IMAGE after the host');
  if (!PROJECT.test(path.project.replace(/^.*:/, '')))
    throw invalid(`"${path.project}" is no project ID (6 to 30 lower-case letters, digits and "-")`);
  if (!REPOSITORY.test(path.repository))
    throw invalid(
      `"${path.repository}" is no Artifact Registry repository (1 to 63 lower-case letters, digits and "-")`,
    );
}
