import type { Place } from './slot.ts';

/** No instance had room in time. */
export class NoRoom extends Error {
  /** Whether the instances that there are were full, or none of them was ready. */
  readonly because: 'full' | 'none-ready';

  constructor(because: 'full' | 'none-ready') {
    super(because === 'full' ? 'Rate exceeded.' : 'no instance is ready');
    this.name = 'NoRoom';
    this.because = because;
  }
}

interface Waiter {
  readonly resolve: (place: Place) => void;
  readonly reject: (thrown: unknown) => void;
  readonly leave: () => void;
  timer: NodeJS.Timeout;
}

/** Requests that wait for an instance, first come first served. While another instance may still come, none gives up. */
export class WaitingLine {
  readonly #queueMs: number;
  readonly #state: () => 'may-grow' | NoRoom['because'];
  readonly #waiters: Waiter[] = [];

  constructor(queueMs: number, state: () => 'may-grow' | NoRoom['because']) {
    this.#queueMs = queueMs;
    this.#state = state;
  }

  get length(): number {
    return this.#waiters.length;
  }

  /** Never resolves after the signal has aborted. */
  join(signal: AbortSignal): Promise<Place> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#remove(waiter);
        reject(signal.reason as Error);
      };
      const waiter: Waiter = { resolve, reject, leave, timer: this.#patience(() => waiter) };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiters.push(waiter);
    });
  }

  serve(place: Place): void {
    const waiter = this.#waiters[0];
    if (waiter === undefined) return;
    this.#remove(waiter);
    waiter.resolve(place);
  }

  refuse(thrown: unknown): void {
    for (const waiter of [...this.#waiters]) {
      this.#remove(waiter);
      waiter.reject(thrown);
    }
  }

  #patience(of: () => Waiter): NodeJS.Timeout {
    return setTimeout(() => {
      const waiter = of();
      const state = this.#state();
      if (state === 'may-grow') {
        waiter.timer = this.#patience(of);
        return;
      }
      this.#remove(waiter);
      waiter.reject(new NoRoom(state));
    }, this.#queueMs);
  }

  #remove(waiter: Waiter): void {
    clearTimeout(waiter.timer);
    const index = this.#waiters.indexOf(waiter);
    if (index !== -1) this.#waiters.splice(index, 1);
  }
}
