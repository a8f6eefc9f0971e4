import { CloseWaitError, nowUs } from '#core';
import type { Host } from '#lab';
import { KernelSocket, setLinger, setNoDelay, SystemCallError } from '#sys';
import { parseAddress, type Endpoint, type Family, type State, type Tuple } from '#tcp';
import type { PathEntry, Side, StateSource, Trace } from '#trace';
import { Cable } from './cable.ts';
import type { Pattern, Received } from './mailbox.ts';
import type { Outcome } from './reader.ts';
import type { WatchedSocket } from './watched-socket.ts';
import type { Wire } from './wire.ts';

/** For the answer that is read; doubled when it is short, bytes. */
const FIRST_ROOM = 16 * 1024;

export interface ClientOptions {
  readonly family: Family;
  readonly remote: Endpoint;
  readonly trace: Trace;
  /** SO_RCVBUF, bytes: a small one closes the window soon when the client does not read. */
  readonly receiveBuffer?: number;
  /** TCP_NODELAY: each {@link Client.send} is a segment of its own. */
  readonly noDelay?: boolean;
  /** The wire between the client's host and the server's; left out: both are on one host. */
  readonly wire?: Wire;
}

/**
 * A kernel client whose every call is explicit, and has had its effect on both sockets when it returns, unless a rule of the
 * wire keeps it from that. On the server's own host, the loopback plane, no packet can be withheld, but the client can
 * decline to read.
 */
export class Client implements StateSource {
  /** The client's own socket: `expect(client.own).to.be.in.state(...)`. */
  readonly own: WatchedSocket;
  readonly #trace: Trace;
  readonly #socket: KernelSocket;
  readonly #cable: Cable;
  readonly #wire: Wire | null;
  #open = true;
  /** Bytes that were read so far. */
  bytesRead = 0;

  /** Connects. @throws SystemCallError ECONNREFUSED when nobody listens */
  constructor(host: Host, { family, remote, trace, receiveBuffer, noDelay, wire }: ClientOptions) {
    this.#trace = trace;
    this.#wire = wire ?? null;
    const address = host.addresses[family]!;
    this.#socket = new KernelSocket(host.namespace, {
      family,
      ...(receiveBuffer === undefined ? {} : { receiveBuffer }),
      // The same one in each run of the case.
      ...(wire !== undefined && {
        bind: { address: parseAddress(address), port: wire.freshEndpoint(family).port },
      }),
    });
    if (noDelay === true) setNoDelay(this.#socket.fd);
    const connect = (): void => this.#socket.connect(parseAddress(remote.address), remote.port);
    // On loopback connect() chooses the port.
    if (wire === undefined) connect();
    const tuple = { family, local: remote, remote: { address, port: this.#socket.localPort } };
    this.#cable = new Cable({ server: wire?.lab.server ?? host, client: host }, tuple, trace);
    this.own = this.#cable.client;
    if (wire !== undefined) {
      trace.state('client', 'CLOSED', 'before the connection');
      wire.lay(this.#cable);
      connect();
    }
    this.#look('client connect()');
  }

  /** The connection as the server's socket sees it. */
  get tuple(): Tuple {
    return this.#cable.server.tuple;
  }

  /** The state of the server's socket. */
  state(cause?: string): State {
    return this.#cable.server.state(cause);
  }

  path(): readonly PathEntry[] {
    return this.#cable.server.path();
  }

  changed(ms: number): Promise<void> {
    return this.#cable.server.changed(ms);
  }

  toString(): string {
    return this.#cable.server.toString();
  }

  /** On the wire: the bytes that a side's kernel has sent so far, in order, whatever was done to them. */
  sentBy(side: Side): Buffer {
    return this.#cable.sentBy(side);
  }

  /**
   * On the wire: the next segment of a side that reached the other end and matches; those before it count as seen.
   * @throws CW_UNMET when none does within the time
   */
  arrival(from: Side, pattern: Pattern, withinMs = 2000): Promise<Received> {
    return this.#cable.arrival(from, pattern, withinMs);
  }

  /** @returns how many bytes the kernel took: none before the connection is open @throws SystemCallError EPIPE, ECONNRESET */
  send(bytes: Uint8Array | string): number {
    const sent = this.#socket.send(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
    this.#trace.application('client', `sends ${sent} bytes`);
    this.#look('client data');
    return sent;
  }

  /** All of it, as the kernel takes it. @returns how much was taken within the time, bytes @throws as {@link send} */
  async sendAll(bytes: Uint8Array | string, withinMs: number): Promise<number> {
    const all = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
    const deadlineMs = performance.now() + withinMs;
    let sent = 0;
    while (sent < all.length && performance.now() < deadlineMs) {
      const taken = this.#socket.send(all.subarray(sent));
      sent += taken;
      if (taken === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    this.#trace.application('client', `sends ${sent} bytes`);
    this.#look('client data');
    return sent;
  }

  /** The rest of the stream up to its end. @throws CW_UNMET when no end comes within `withinMs`, SystemCallError ECONNRESET */
  async readToEnd(withinMs = 5000): Promise<Buffer> {
    const { bytes, end, error } = await this.#read(() => false, withinMs);
    if (error !== null) throw error;
    if (end === null)
      throw new CloseWaitError('CW_UNMET', `the server did not end the stream within ${withinMs} ms`);
    this.#trace.application('client', `reads ${bytes.length} bytes, and the end`);
    return bytes;
  }

  /** The stream's bytes until `enough` says so. @throws CW_UNMET when it does not within the time, SystemCallError ECONNRESET */
  async read(enough: (bytes: Buffer) => boolean, withinMs = 5000): Promise<Buffer> {
    const { bytes, end, error } = await this.#read(enough, withinMs);
    if (error !== null) throw error;
    this.#trace.application('client', `reads ${bytes.length} bytes${end === null ? '' : ', and the end'}`);
    if (enough(bytes)) return bytes;
    const why = end !== null ? 'the server ended it' : `nothing more came within ${withinMs} ms`;
    throw new CloseWaitError('CW_UNMET', `the stream is too short, ${bytes.length} bytes: ${why}`);
  }

  /** All that comes until the stream ends, enough of it is there, or the time is over; and how it ended, if it did. */
  async outcome(
    withinMs = 5000,
    enough: (bytes: Buffer) => boolean = () => false,
  ): Promise<Pick<Outcome, 'bytes' | 'end'>> {
    const { bytes, end } = await this.#read(enough, withinMs);
    this.#trace.application('client', `reads ${bytes.length} bytes, and ${end ?? 'no end'}`);
    return { bytes, end };
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
    if (this.#wire === null) return;
    this.#wire.lift(this.#cable);
    this.#cable.destroy();
    this.#wire.drain();
  }

  async #read(
    enough: (bytes: Buffer) => boolean,
    withinMs: number,
  ): Promise<Pick<Outcome, 'bytes' | 'end'> & { error: SystemCallError | null }> {
    const deadline = nowUs() + withinMs * 1000;
    let room = Buffer.alloc(FIRST_ROOM);
    let length = 0;
    for (;;) {
      let { part, error } = this.#receive();
      for (; part !== null && part.length > 0; { part, error } = this.#receive()) {
        if (length + part.length > room.length)
          room = Buffer.concat([room], Math.max(2 * room.length, length + part.length));
        room.set(part, length);
        length += part.length;
      }
      const bytes = room.subarray(0, length);
      const end = error !== null ? 'RST' : part !== null ? 'FIN' : null;
      const leftMs = (deadline - nowUs()) / 1000;
      if (end !== null || enough(bytes) || leftMs <= 0) {
        this.bytesRead += length;
        return { bytes, end, error };
      }
      await this.#socket.readable(leftMs);
    }
  }

  /** The part is empty at the end of the stream, and null while nothing is there. */
  #receive(): { part: Uint8Array | null; error: SystemCallError | null } {
    try {
      return { part: this.#socket.receive(), error: null };
    } catch (error) {
      if (error instanceof SystemCallError && error.errno === 'ECONNRESET') return { part: null, error };
      throw error;
    }
  }

  #look(cause: string): void {
    if (this.#wire === null) this.#cable.server.state(cause);
    // On the wire the packets themselves tell what they do.
    this.own.state(cause);
    this.#wire?.drain();
  }
}
