import { connect, type Socket } from 'node:net';
import { closeFd, localPort, Namespace, tcpListen, tcpSocket } from '#sys';

/** A port of loopback that lets nobody connect and refuses nobody: its queue is full. Disposed of, it refuses. */
export class HangingUpstream implements Disposable {
  readonly address: string;
  readonly #fd: number;
  readonly #first: Socket;
  #open = true;

  constructor() {
    const bind = { address: Uint8Array.of(127, 0, 0, 1), port: 0 };
    this.#fd = tcpSocket(Namespace.home(), { family: 4, bind });
    tcpListen(this.#fd, 0);
    const port = localPort(this.#fd);
    this.address = `127.0.0.1:${port}`;
    // Takes the one place.
    this.#first = connect(port, '127.0.0.1').on('error', () => undefined);
  }

  async full(): Promise<void> {
    if (this.#first.connecting) await new Promise((resolve) => this.#first.once('connect', resolve));
  }

  [Symbol.dispose](): void {
    if (!this.#open) return;
    this.#open = false;
    this.#first.destroy();
    closeFd(this.#fd);
  }
}
