import type { Host } from '#lab';
import { formatEndpoint, type State, type Tuple } from '#tcp';
import type { PathEntry, StateSource, Trace } from '#trace';
import { readState } from './lookup.ts';

/** How soon a socket is looked at again where no packet of ours announces its change, ms. */
const LOOK_EVERY_MS = 1;

/** The server's socket of one connection, looked at from outside: for connections whose packets we do not see. */
export class ServerSocket implements StateSource {
  readonly tuple: Tuple;
  readonly #host: Host;
  readonly #trace: Trace;

  constructor(host: Host, tuple: Tuple, trace: Trace) {
    this.#host = host;
    this.tuple = tuple;
    this.#trace = trace;
  }

  state(cause = 'lookup'): State {
    const state = readState(this.#host, this.tuple);
    // A connection that the listener still has to make is not CLOSED: its path is at LISTEN.
    if (state !== 'CLOSED' || this.path().at(-1)?.state !== 'LISTEN')
      this.#trace.state('server', state, cause);
    return state;
  }

  path(): readonly PathEntry[] {
    return this.#trace.path('server');
  }

  changed(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, Math.min(ms, LOOK_EVERY_MS)));
  }

  toString(): string {
    return `the server's socket ${formatEndpoint(this.tuple.local)} < ${formatEndpoint(this.tuple.remote)}`;
  }
}
