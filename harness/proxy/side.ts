import type { Socket } from 'node:net';
import { setLinger, watchHangUp, type HangUpWatch } from '#sys';
import type { StreamEvent } from './toxics/index.ts';

/** What a side tells its connection. */
export interface SideListener {
  /** Came from the peer. */
  event(event: StreamEvent): void;
  /** A RST is due and all before it has been handed to the kernel. */
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
  #resetDue = false;
  #closing = false;
  #watch: HangUpWatch | null = null;
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
    if (!this.#flowing) socket.pause();
    const early = this.#early;
    this.#early = [];
    this.#earlyBytes = 0;
    for (const event of early) this.deliver(event);
  }

  setFlowing(flowing: boolean): void {
    this.#flowing = flowing;
    if (this.#closing || this.#socket === undefined) return;
    if (flowing) this.#socket.resume();
    else this.#socket.pause();
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
      if (this.end === 'open') this.end = 'FIN';
      socket!.end();
    } else if (event === 'RST') {
      this.end = 'RST';
      this.#resetDue = true;
      if (this.waiting === 0 || socket === undefined) this.#listener.resetDue();
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

  readonly #written = (): void => {
    if (this.#resetDue && !this.gone && this.waiting === 0) this.#listener.resetDue();
    else this.#listener.written();
  };

  #come(event: StreamEvent): void {
    if (!this.#closing && !this.gone) this.#listener.event(event);
  }

  #ended(): void {
    const socket = this.#socket!;
    this.#come('FIN');
    if (this.gone || socket.destroyed || socket.writableFinished) return;
    // Node does not look at the socket any more: it would notice a RST at the next write.
    const fd = descriptor(socket);
    if (fd === null) return;
    this.#watch = watchHangUp(fd, () => {
      // Shut down in both directions looks the same, and is no RST.
      if (socket.destroyed || (socket.writableEnded && socket.writableLength === 0)) return;
      this.#lose();
      socket.destroy();
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
