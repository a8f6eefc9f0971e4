import { CloseWaitError, nowUs } from '#core';
import type { Host } from '#lab';
import { KernelSocket, setLinger } from '#sys';
import { parseAddress, type Endpoint, type Family, type State, type Tuple } from '#tcp';
import type { PathEntry, StateSource, Trace } from '#trace';
import { readState } from './lookup.ts';
import { ServerSocket } from './server-socket.ts';

export interface ClientOptions {
  readonly family: Family;
  readonly remote: Endpoint;
  readonly trace: Trace;
  /** SO_RCVBUF, bytes: a small one closes the window soon when the client does not read. */
  readonly receiveBuffer?: number;
}

/**
 * A kernel client on the server's own host, for the loopback plane: no packet can be withheld there, but the client can
 * decline to read, and every call has had its effect on both sockets when it returns.
 */
export class Client implements StateSource {
  readonly #host: Host;
  readonly #trace: Trace;
  readonly #socket: KernelSocket;
  readonly #server: ServerSocket;
  #open = true;

  /** Connects. @throws SystemCallError ECONNREFUSED when nobody listens */
  constructor(host: Host, { family, remote, trace, receiveBuffer }: ClientOptions) {
    this.#host = host;
    this.#trace = trace;
    const buffer = receiveBuffer === undefined ? {} : { receiveBuffer };
    this.#socket = new KernelSocket(host.namespace, { family, ...buffer });
    trace.state('server', 'LISTEN', 'before the connection');
    this.#socket.connect(parseAddress(remote.address), remote.port);
    const local = { address: host.addresses[family]!, port: this.#socket.localPort };
    this.#server = new ServerSocket(host, { family, local: remote, remote: local }, trace);
    trace.connection ??= { family, server: remote, client: local };
    this.#look('client connect()');
  }

  /** The connection as the server's socket sees it. */
  get tuple(): Tuple {
    return this.#server.tuple;
  }

  /** The state of the server's socket. */
  state(cause?: string): State {
    return this.#server.state(cause);
  }

  path(): readonly PathEntry[] {
    return this.#server.path();
  }

  changed(ms: number): Promise<void> {
    return this.#server.changed(ms);
  }

  toString(): string {
    return this.#server.toString();
  }

  send(bytes: Uint8Array | string): void {
    const sent = this.#socket.send(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
    this.#trace.application('client', `sends ${sent} bytes`);
    this.#look('client data');
  }

  /** The rest of the stream up to its end. @throws CW_UNMET when no end comes within `withinMs`, SystemCallError ECONNRESET */
  async readToEnd(withinMs = 5000): Promise<Buffer> {
    const deadline = nowUs() + withinMs * 1000;
    const parts: Buffer[] = [];
    for (;;) {
      const part = this.#socket.receive();
      const leftMs = (deadline - nowUs()) / 1000;
      if (part?.length === 0) break;
      if (part !== null) parts.push(part);
      else if (leftMs > 0) await this.#socket.readable(leftMs);
      else throw new CloseWaitError('CW_UNMET', `the server did not end the stream within ${withinMs} ms`);
    }
    const bytes = Buffer.concat(parts);
    this.#trace.application('client', `reads ${bytes.length} bytes, and the end`);
    return bytes;
  }

  /** shutdown(SHUT_WR): a FIN, and the other direction stays open. */
  halfClose(): void {
    this.#socket.shutdownWrite();
    this.#trace.application('client', 'shuts down its sending side');
    this.#look('client FIN');
  }

  close(): void {
    this.#open = false;
    this.#socket.close();
    this.#trace.application('client', 'closes');
    this.#look('client close()');
  }

  /** A RST: close() with SO_LINGER 0. */
  reset(): void {
    setLinger(this.#socket.fd, 0);
    this.#open = false;
    this.#socket.close();
    this.#trace.application('client', 'resets the connection');
    this.#look('client RST');
  }

  /** Leaves nothing behind. */
  dispose(): void {
    if (this.#open) this.reset();
  }

  #look(cause: string): void {
    this.#server.state(cause);
    const { family, local, remote } = this.tuple;
    this.#trace.state('client', readState(this.#host, { family, local: remote, remote: local }), cause);
  }
}
