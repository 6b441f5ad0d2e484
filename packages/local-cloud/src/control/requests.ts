import type { Job, RunOverrides, Service } from './resources.ts';

export interface CreateService {
  readonly parent: string;
  readonly serviceId: string;
  readonly service: Service;
  readonly validateOnly: boolean;
}

export interface UpdateService {
  readonly name: string;
  readonly service: Service;
  /** Paths in lowerCamel; all user fields when undefined. */
  readonly updateMask?: readonly string[];
  readonly validateOnly: boolean;
  readonly allowMissing: boolean;
}

export interface DeleteRequest {
  readonly name: string;
  readonly etag?: string;
  readonly validateOnly: boolean;
}

export interface CreateJob {
  readonly parent: string;
  readonly jobId: string;
  readonly job: Job;
  readonly validateOnly: boolean;
}

export interface UpdateJob {
  readonly name: string;
  readonly job: Job;
  readonly validateOnly: boolean;
  readonly allowMissing: boolean;
}

export interface RunJob {
  readonly name: string;
  readonly etag?: string;
  readonly validateOnly: boolean;
  readonly overrides?: RunOverrides;
}
