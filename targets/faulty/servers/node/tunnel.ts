import { connect, type Socket, type TcpNetConnectOpts } from 'node:net';
import type { Connection } from './connection.ts';
import type { Server } from './server.ts';

/** So long the other side may be quiet when one has ended, ms. */
const LINGER_MS = 2500;
const QUIET_MS = 10_000;

/** CONNECT: from then on all bytes and both FINs are passed on, each direction by itself. */
export class Tunnel {
  readonly client: Socket;
  readonly backend: Socket;
  readonly legs: readonly Socket[];
  #timer: NodeJS.Timeout | undefined;

  constructor(connection: Connection, target: string) {
    const { server, socket, input, eof } = connection;
    connection.release();
    const at = target.lastIndexOf(':');
    const host = target.slice(0, at).replace(/^\[|\]$/g, '');
    this.client = socket;
    this.backend = this.dial({ host, port: Number(target.slice(at + 1)) });
    this.legs = [this.client, this.backend];
    server.connections.add(this);
    this.arm(QUIET_MS);
    this.backend.on('connect', () => {
      this.client.write('HTTP/1.1 200 \r\n\r\n');
      if (input.length > 0) this.backend.write(input);
      if (eof) this.backend.end();
      this.join();
    });
    for (const leg of this.legs) {
      leg
        .on('data', () =>
          this.arm(this.legs.some(({ readableEnded }) => readableEnded) ? LINGER_MS : QUIET_MS),
        )
        .on('end', () => this.arm(LINGER_MS))
        .on('error', () => this.close())
        .on('close', () => this.legs.every(({ closed }) => closed) && this.onClosed(server));
      // Nothing is read before there is somebody to pass it on to.
      leg.pause();
    }
  }

  dial(to: TcpNetConnectOpts): Socket {
    return connect({ ...to, allowHalfOpen: true, noDelay: true });
  }

  join(): void {
    this.client.pipe(this.backend).pipe(this.client);
  }

  onClosed(server: Server): void {
    clearTimeout(this.#timer);
    server.forget(this);
  }

  close(): void {
    for (const leg of this.legs) leg.destroy();
  }

  onDrain(): void {
    this.arm(LINGER_MS);
  }

  arm(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.close(), ms);
  }
}
