import type { Socket } from 'node:net';
import { hasFailed, setLinger, unsentBytes, watchHangUp, type HangUpWatch } from '#sys';
import type { StreamEvent } from './toxics/index.ts';
import { whenDrained } from './when-drained.ts';

/** What a side tells its connection. */
export interface SideListener {
  /** Came from the peer. */
  event(event: StreamEvent): void;
  /** A RST is due, and all before it has been sent. */
  resetDue(): void;
  /** The socket took something of what waited. */
  written(): void;
  closed(): void;
}

/** The proxy's socket towards one peer: turns what happens to it into stream events, and stream events into what happens to it. */
export class Side {
  readonly #listener: SideListener;
  #socket: Socket | undefined;
  /** What came before there was a socket. */
  #early: StreamEvent[] = [];
  #earlyBytes = 0;
  #flowing = true;
  #handed = 0;
  #lost = 0;
  #closing = false;
  #watch: HangUpWatch | null | undefined;
  /** It has been reset, and what came before that has not been read yet. */
  #unreadReset: (() => void) | undefined;
  #resetDue: (() => void) | undefined;
  /** Nothing can be sent to this peer, nor comes from it, any more. */
  gone = false;
  /** What was sent to this peer. */
  end: 'open' | 'FIN' | 'RST' = 'open';

  constructor(listener: SideListener) {
    this.#listener = listener;
  }

  /** Bytes given to {@link deliver} that wait here. */
  get waiting(): number {
    return this.#earlyBytes + (this.gone ? 0 : (this.#socket?.writableLength ?? 0));
  }

  /** Bytes that the kernel has taken. */
  get sent(): number {
    return this.#handed - (this.#socket?.destroyed === false ? this.#socket.writableLength : this.#lost);
  }

  /** Begins with a connected socket; `allowHalfOpen` must be set on it. */
  attach(socket: Socket): void {
    this.#socket = socket;
    socket.on('data', (bytes) => this.#come(bytes));
    socket.on('end', () => this.#ended());
    // Whatever the error is (ECONNRESET, EPIPE, ETIMEDOUT): the connection to this peer is lost.
    socket.on('error', () => this.#lose());
    socket.on('close', () => this.#closed());
    if (!this.#flowing) this.setFlowing(false);
    const early = this.#early;
    this.#early = [];
    this.#earlyBytes = 0;
    for (const event of early) this.deliver(event);
  }

  setFlowing(flowing: boolean): void {
    this.#flowing = flowing;
    if (this.#closing || this.#socket === undefined) return;
    if (flowing) {
      this.#socket.resume();
    } else {
      this.#socket.pause();
      this.#watchReset(this.#socket);
    }
  }

  /** Sends on to this peer, behind what was delivered before. After an end only what ends it more is heeded. */
  deliver(event: StreamEvent): void {
    const socket = this.#socket;
    if (this.gone) return;
    if (socket === undefined && event !== 'RST') {
      this.#early.push(event);
      if (typeof event !== 'string') this.#earlyBytes += event.length;
    } else if (typeof event !== 'string') {
      if (this.end !== 'open') return;
      this.#handed += event.length;
      socket!.write(event, this.#written);
    } else if (event === 'FIN') {
      if (this.end !== 'open') return;
      this.end = 'FIN';
      socket!.end();
    } else if (event === 'RST') {
      this.end = 'RST';
      if (socket === undefined) return this.#listener.resetDue();
      // A RST empties the kernel's queue, too.
      this.#resetDue ??= whenDrained(
        () => this.waiting + this.#unsent(),
        () => this.#listener.resetDue(),
      );
    } else {
      this.#close(socket!);
    }
  }

  /** A RST to the peer, now; what waits is lost. */
  reset(): void {
    const socket = this.#socket;
    this.#leave();
    this.end = 'RST';
    if (socket === undefined || socket.destroyed) return;
    const fd = descriptor(socket);
    if (socket.writableEnded && !socket.writableFinished && fd !== null) {
      // libuv refuses to reset a socket whose shutdown has not been done yet.
      setLinger(fd, 0);
      socket.destroy();
    } else {
      socket.resetAndDestroy();
    }
  }

  /** close(): a FIN, or a RST where bytes of the peer have not been read; what waits is lost. */
  destroy(): void {
    const socket = this.#socket;
    this.#leave();
    socket?.destroy();
  }

  /** There will be no socket. */
  abandon(): void {
    this.#leave();
    this.#listener.closed();
  }

  readonly #written = (): void => this.#listener.written();

  #unsent(): number {
    const fd = this.gone || this.#socket === undefined ? null : descriptor(this.#socket);
    return fd === null ? 0 : unsentBytes(fd);
  }

  #come(event: StreamEvent): void {
    if (!this.#closing && !this.gone) this.#listener.event(event);
  }

  #ended(): void {
    const socket = this.#socket!;
    const fd = descriptor(socket);
    if (fd !== null && hasFailed(fd)) {
      // Node takes a RST close behind data for the end of the stream.
      this.#lose();
      socket.destroy();
      return;
    }
    this.#come('FIN');
    if (!this.gone && !socket.writableFinished) this.#watchReset(socket);
  }

  /** Node does not look at a socket that it does not read, or has read to its end: it would notice a RST at the next write. */
  #watchReset(socket: Socket): void {
    if (this.#watch !== undefined) return;
    const fd = descriptor(socket);
    if (fd === null) return;
    this.#watch = watchHangUp(fd, (reset) => {
      if (!reset || this.gone || socket.destroyed) return;
      // When the receiver takes more, the rest is read, and the RST found behind it; but it may take no more.
      const left = (): number => (socket.readableEnded || this.gone ? 0 : 1 + socket.bytesRead);
      this.#unreadReset = whenDrained(left, () => {
        if (this.gone) return;
        this.#lose();
        socket.destroy();
      });
    });
  }

  #lose(): void {
    if (this.gone) return;
    this.#leave();
    if (!this.#closing) this.#listener.event('RST');
  }

  /** close() behind what waits: the other direction ends with it. */
  #close(socket: Socket): void {
    if (this.#closing) return;
    this.#closing = true;
    if (this.end === 'open') this.end = 'FIN';
    // What is not read makes the close a RST, as everywhere.
    socket.pause();
    socket.destroySoon();
    this.#listener.event('CLOSE');
  }

  #leave(): void {
    if (this.gone) return;
    this.#lost = this.#socket?.writableLength ?? 0;
    this.gone = true;
    this.#early = [];
    this.#earlyBytes = 0;
    this.#unreadReset?.();
    this.#resetDue?.();
  }

  #closed(): void {
    this.#watch?.forget();
    this.#leave();
    this.#listener.closed();
  }
}

/** The file descriptor of a socket; null where Node does not tell. */
function descriptor(socket: Socket): number | null {
  const { _handle: handle } = socket as unknown as { _handle?: { fd?: number } | null };
  return handle?.fd !== undefined && handle.fd >= 0 ? handle.fd : null;
}
