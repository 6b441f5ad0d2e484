import type { Running } from '../containers/running.ts';
import type { InstancePool } from './instance-pool.ts';
import type { Place } from './slot.ts';

interface Answer {
  readonly status: number;
  readonly latencyMs: number;
}

/** One request's hold on a revision: while it lasts, its instance is not stopped for being idle. */
export class Lease {
  readonly #pool: InstancePool;
  readonly #onEnd: (answer: Answer | undefined) => void;
  #place: Place | undefined;
  #isOver = false;

  constructor(pool: InstancePool, onEnd: (answer: Answer | undefined) => void) {
    this.#pool = pool;
    this.#onEnd = onEnd;
  }

  /**
   * An instance for the request, at once when one has room; asked again, another one may be it. Throws `StartFailure` when none can be started and
   * `NoRoom` when none has room in time.
   */
  instance(signal: () => AbortSignal, preferred?: string): Running | Promise<Running> {
    this.#giveBack();
    this.#place = this.#pool.take(preferred);
    return this.#place?.running ?? this.#wait(signal());
  }

  end(answer?: Answer): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#giveBack();
    this.#onEnd(answer);
  }

  async #wait(signal: AbortSignal): Promise<Running> {
    const place = await this.#pool.wait(signal);
    if (this.#isOver) this.#pool.giveBack(place.slot);
    else this.#place = place;
    return place.running;
  }

  #giveBack(): void {
    const place = this.#place;
    this.#place = undefined;
    if (place !== undefined) this.#pool.giveBack(place.slot);
  }
}
