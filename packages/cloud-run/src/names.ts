/** A project and a region of it. */
export interface Location {
  readonly project: string;
  readonly region: string;
}

export interface ServiceName extends Location {
  /** Short name. */
  readonly service: string;
}

export interface JobName extends Location {
  /** Short name. */
  readonly job: string;
}

export function locationPath({ project, region }: Location): string {
  return `projects/${encodeURIComponent(project)}/locations/${encodeURIComponent(region)}`;
}

export function servicePath(name: ServiceName): string {
  return `${locationPath(name)}/services/${encodeURIComponent(name.service)}`;
}

export function jobPath(name: JobName): string {
  return `${locationPath(name)}/jobs/${encodeURIComponent(name.job)}`;
}

/** The last part of a resource name. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
