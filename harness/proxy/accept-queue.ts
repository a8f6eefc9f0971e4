import type { Socket } from 'node:net';

/**
 * Accepted sockets on their way to be connections: each at once, or with Toxiproxy's quirk one after the other, when the
 * upstream of the one before has been reached or has refused.
 */
export class AcceptQueue {
  readonly #serial: boolean;
  readonly #open: (socket: Socket) => void;
  #waiting: Socket[] = [];
  #dialling = false;

  constructor(serial: boolean, open: (socket: Socket) => void) {
    this.#serial = serial;
    this.#open = open;
  }

  accept(socket: Socket): void {
    if (!this.#serial || !this.#dialling) return this.#open(socket);
    // It can be reset while it waits.
    socket.on('error', () => undefined);
    this.#waiting.push(socket);
  }

  /** An upstream is being dialled. */
  dials(): void {
    this.#dialling = true;
  }

  /** It has been reached, or will not be. */
  dialled(): void {
    this.#dialling = false;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (next.destroyed) continue;
      this.#open(next);
      // One that is not dialled at all keeps nobody waiting.
      if (this.#dialling) return;
    }
  }

  /** close() of those that wait. */
  clear(): void {
    for (const socket of this.#waiting.splice(0)) socket.destroy();
  }
}
