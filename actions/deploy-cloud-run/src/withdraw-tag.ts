import { ActionFailure, type Log, messageOf } from '@fairlead/action-kit';
import { type CloudRun, liveTrafficOf } from '@fairlead/cloud-run';
import { command, targetsOf, where } from '@fairlead/rollout';
import type { Staging } from './staging.ts';

/** A candidate that did not become ready. */
export class NotReady extends ActionFailure {
  readonly revision: string;

  constructor(revision: string, message: string) {
    super(message);
    this.revision = revision;
  }
}

/**
 * Takes our tag off a candidate that did not become ready. Cloud Run moves no traffic of a service while a tag names such a revision: it would
 * stand in the way of a rollback, and of a person in the console. What cannot be done is said and no further failure.
 */
export async function withdrawTag(
  { run, log }: { readonly run: CloudRun; readonly log: Log },
  { target, tag, deadlineMs }: Staging,
  revision: string,
): Promise<void> {
  if (tag === undefined) return;
  try {
    const service = await run.getService(target.name);
    if (service === undefined) return;
    const { shares, tags } = liveTrafficOf(service).traffic;
    const kept = tags.filter((one) => one.tag !== tag || one.revision !== revision);
    if (kept.length === tags.length || shares.some((share) => share.revision === revision)) return;
    const change = { traffic: targetsOf({ shares, tags: kept }) };
    const written = await run.patchService(target.name, { etag: service.etag, change });
    await run.settle(target.name, { written, deadlineMs });
    log.info(`${target.unit}: tag "${tag}" is taken off ${revision}, so that traffic can be moved.`);
  } catch (thrown) {
    const byHand = command([
      'run',
      'services',
      'update-traffic',
      target.name.service,
      ...where(target.name),
      '--remove-tags',
      tag,
    ]);
    log.warning(
      `${target.unit}: tag "${tag}" could not be taken off ${revision} (${messageOf(thrown)}); no traffic moves until it is: ${byHand}`,
    );
  }
}
