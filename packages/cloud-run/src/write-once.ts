import { GoogleError, isConflict, isOutcomeUnknown } from '@fairlead/google';

interface Write<W, L> {
  readonly what: string;
  /** Guarded by an etag or a name, so that of several attempts one at most takes effect. */
  readonly write: () => Promise<W>;
  /** What is returned for a write whose reply was lost. */
  readonly landed: (live: L) => W;
  readonly read: () => Promise<L | undefined>;
  /** Whether what is live is what was there before the write. */
  readonly isBefore: (live: L | undefined) => boolean;
  /** Whether what is live shows the write. */
  readonly isDone: (live: L | undefined) => live is L;
}

const ATTEMPTS = 3;

/**
 * Writes, and answers a lost reply by reading: what is live shows the write, or somebody else's (a conflict), or
 * nothing new; only then it is sent again.
 */
export async function writeOnce<W, L>(write: Write<W, L>): Promise<W> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write.write();
    } catch (thrown) {
      const mayHaveLanded = isOutcomeUnknown(thrown) || (attempt > 1 && isConflict(thrown));
      if (!mayHaveLanded) throw thrown;
      const live = await write.read();
      if (write.isDone(live)) return write.landed(live);
      if (!write.isBefore(live)) throw conflict(write.what, thrown);
      if (attempt >= ATTEMPTS) throw thrown;
    }
  }
}

function conflict(what: string, cause: GoogleError): GoogleError {
  const facts = {
    httpStatus: 409,
    status: 'ABORTED',
    said: 'the reply was lost, and somebody else changed it meanwhile',
    details: [],
    reason: undefined,
    retryAfterMs: undefined,
  };
  return new GoogleError(what, facts, cause);
}
