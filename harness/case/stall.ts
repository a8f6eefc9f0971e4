import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How often the event loop shows that it turns, ms. */
const EVERY_MS = 10;

/**
 * How long this process was kept from looking at what it measures, by other processes or by itself. What came meanwhile is
 * told late, and what was to be sent was sent late: that is no finding about a server.
 */
export class Stall {
  readonly #delay = monitorEventLoopDelay({ resolution: EVERY_MS });

  constructor() {
    this.#delay.enable();
  }

  /** The longest time since the start, ms. Ends the measurement. */
  end(): number {
    this.#delay.disable();
    // Nothing was measured: the loop has not turned at all.
    return this.#delay.max === 0 ? 0 : this.#delay.max / 1e6 - EVERY_MS;
  }
}
