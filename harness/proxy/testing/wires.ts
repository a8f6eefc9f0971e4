import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { hasFailed } from '#sys';

/** One end of a connection, and all that has happened there. */
export class End {
  readonly socket: Socket;
  #received: Buffer[] = [];
  /** What came last: FIN, the code of an error, or nothing yet. */
  #end = '';
  #endedAt = 0;
  #wake: (() => void)[] = [];

  constructor(socket: Socket) {
    this.socket = socket;
    const tell = (): void => this.#wake.splice(0).forEach((wake) => wake());
    socket
      .on('data', (chunk: Buffer) => {
        this.#received.push(chunk);
        tell();
      })
      .on('end', () => {
        // Node takes a RST close behind data for the end of the stream.
        const { _handle: handle } = socket as unknown as { _handle: { fd: number } | null };
        this.#note(handle !== null && hasFailed(handle.fd) ? 'ECONNRESET' : 'FIN');
        tell();
      })
      .on('error', ({ code = '' }: NodeJS.ErrnoException) => {
        this.#note(code);
        tell();
      });
  }

  #note(end: string): void {
    this.#end += this.#end === '' ? end : ` ${end}`;
    this.#endedAt = performance.now();
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#received);
  }

  get text(): string {
    return this.bytes.toString('latin1');
  }

  /** How many chunks have come. */
  get chunks(): readonly Buffer[] {
    return this.#received;
  }

  /** `FIN`, `ECONNRESET`, or empty while it is open. */
  get end(): string {
    return this.#end;
  }

  /** When it ended, of performance.now(). */
  get endedAt(): number {
    return this.#endedAt;
  }

  /** Resolves when this holds. @throws when it does not within the time */
  async until(what: string, holds: () => boolean, ms = 3000): Promise<void> {
    const deadline = performance.now() + ms;
    while (!holds()) {
      const left = deadline - performance.now();
      if (left <= 0)
        throw new Error(`not within ${ms} ms: ${what}; received ${this.bytes.length}, end '${this.#end}'`);
      await Promise.race([
        new Promise<void>((resolve) => this.#wake.push(resolve)),
        delay(Math.min(left, 50)),
      ]);
    }
  }

  untilText(text: string): Promise<void> {
    return this.until(`'${text}'`, () => this.text === text);
  }

  untilEnd(ms?: number): Promise<void> {
    return this.until('an end', () => this.#end !== '', ms);
  }
}

/** An upstream that does nothing by itself: the test speaks for it. */
export class Upstream implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #accepted: End[] = [];
  #wake: (() => void)[] = [];

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      this.#accepted.push(new End(socket));
      for (const wake of this.#wake.splice(0)) wake();
    });
  }

  static async start(): Promise<Upstream> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Upstream(server);
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The next connection that the proxy opens. @throws when there is none within the time */
  async accept(ms = 3000): Promise<End> {
    const deadline = performance.now() + ms;
    for (;;) {
      const end = this.#accepted.shift();
      if (end !== undefined) return end;
      const left = deadline - performance.now();
      if (left <= 0) throw new Error(`the proxy has not dialled ${this.address} within ${ms} ms`);
      await Promise.race([new Promise<void>((resolve) => this.#wake.push(resolve)), delay(left)]);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Opens a connection to `address:port`. */
export async function open(address: string): Promise<End> {
  const at = address.lastIndexOf(':');
  const socket = connect({
    host: address.slice(0, at),
    port: Number(address.slice(at + 1)),
    allowHalfOpen: true,
    noDelay: true,
  });
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return new End(socket);
}
