// A container that ends at once must not be started in a tight loop.
const shortestMs = 1_000;
const longestMs = 60_000;

/** How long to wait before an instance that has ended is started again: twice as long each time, and short again after one that stayed up for a while. */
export class RestartPause {
  #deaths = 0;

  /** Notes the end of an instance that was up for so long, 0 for one that did not come up. */
  died(upMs: number): void {
    this.#deaths = upMs > longestMs ? 1 : this.#deaths + 1;
  }

  get ms(): number {
    return Math.min(shortestMs * 2 ** Math.max(0, this.#deaths - 1), longestMs);
  }
}
