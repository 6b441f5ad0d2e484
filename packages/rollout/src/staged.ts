/**
 * One unit of a release whose candidate revision stands at 0 % under a tag. deploy-cloud-run prints a list of these as
 * its output `release`; health-gate, traffic-split and rollback read it.
 */
export interface StagedUnit {
  readonly unit: string;
  readonly kind: 'service' | 'worker' | 'gateway' | 'web';
  readonly project: string;
  readonly region: string;
  /** Short name of the Cloud Run service, suffix included. */
  readonly service: string;
  /** Short name of the candidate revision. */
  readonly revision: string;
  readonly tag: string;
  /** Where the candidate answers without having traffic; absent for a worker. */
  readonly tagUrl?: string;
  readonly url?: string;
  /** Image by digest. */
  readonly image: string;
  /** The version that the candidate's health body must name (`IMAGE_TAG`). */
  readonly version: string;
}
