import { CloudError } from '../control/cloud-error.ts';

/** A place in Artifact Registry and what the OCI registry calls it. */
export interface RepositoryPlace {
  /** `projects/P/locations/L/repositories/R` */
  readonly name: string;
  readonly project: string;
  /** `PROJECT/REPOSITORY`: the beginning of the names of all its images. */
  readonly path: string;
}

export interface PackagePlace extends RepositoryPlace {
  /** `PROJECT/REPOSITORY/IMAGE` */
  readonly image: string;
  /** `projects/P/locations/L/repositories/R/packages/IMAGE`, the slashes of the image as `%2F`. */
  readonly packageName: string;
}

/** Of a repository's name or of one below it. */
export function repositoryPlace(name: string): RepositoryPlace {
  const [, project = '', , location = '', , repository = ''] = name.split('/');
  return {
    name: `projects/${project}/locations/${location}/repositories/${repository}`,
    project,
    path: `${project}/${repository}`,
  };
}

/** The package `short` of a repository; its slashes may be encoded, as clients that encode a name once more send them. */
export function packagePlace(repository: RepositoryPlace, short: string): PackagePlace {
  const decoded = decodedName(short);
  return {
    ...repository,
    image: `${repository.path}/${decoded}`,
    packageName: `${repository.name}/packages/${encodeURIComponent(decoded)}`,
  };
}

/** The package that an image of the OCI registry is. */
export function placeOfImage(repository: RepositoryPlace, image: string): PackagePlace {
  return packagePlace(repository, image.slice(repository.path.length + 1));
}

/** What Artifact Registry says of everything that is not there. */
export function entityNotFound(): CloudError {
  return new CloudError('NOT_FOUND', 'Requested entity was not found.');
}

function decodedName(short: string): string {
  try {
    return decodeURIComponent(short);
  } catch {
    throw entityNotFound();
  }
}
