import type { Host } from '#lab';
import { formatEndpoint, type State, type Tuple } from '#tcp';
import type { PathEntry, Side, StateSource, Trace } from '#trace';
import { findSocket, readState } from './lookup.ts';

/** How soon a socket is looked at again where no packet of ours announces its change, ms. */
const LOOK_EVERY_MS = 1;

/** A kernel's socket of one connection, looked at from outside. */
export class WatchedSocket implements StateSource {
  /** The connection as this socket sees it. */
  readonly tuple: Tuple;
  readonly #host: Host;
  readonly #trace: Trace;
  readonly #side: Side;

  constructor(host: Host, tuple: Tuple, trace: Trace, side: Side = 'server') {
    this.#host = host;
    this.tuple = tuple;
    this.#trace = trace;
    this.#side = side;
  }

  state(cause = 'lookup'): State {
    const state = this.look();
    // A connection that the listener still has to make is not CLOSED: its path is at LISTEN.
    if (state !== 'CLOSED' || this.path().at(-1)?.state !== 'LISTEN')
      this.#trace.state(this.#side, state, cause);
    return state;
  }

  /** The state now, and nothing about it in the timeline. */
  look(): State {
    return readState(this.#host, this.tuple);
  }

  /** Ends the socket, whatever its state. */
  destroy(): void {
    const socket = findSocket(this.#host, this.tuple);
    if (socket !== null) this.#host.sockets!.destroy(socket);
  }

  path(): readonly PathEntry[] {
    return this.#trace.path(this.#side);
  }

  changed(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, Math.min(ms, LOOK_EVERY_MS)));
  }

  toString(): string {
    const [arrow, { local, remote }] = [this.#side === 'server' ? '<' : '>', this.tuple];
    return `the ${this.#side}'s socket ${formatEndpoint(local)} ${arrow} ${formatEndpoint(remote)}`;
  }
}
