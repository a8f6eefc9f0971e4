import koffi, { type node } from 'koffi';
import { libc, sysCall, wouldBlock } from './libc.ts';
import type { Namespace } from './namespace.ts';
import { localPort, tcpConnect, tcpSocket, type TcpSocketOptions } from './tcp-socket.ts';

const SHUT_WR = 1;
/** A send to a connection that is gone is an error here, not a signal; macOS knows it as a socket option alone. */
const MSG_NOSIGNAL = process.platform === 'linux' ? 0x4000 : 0;
const CHUNK = 64 * 1024;

/**
 * A kernel TCP socket whose every call is explicit: it reads only when told to, so that its window can be left to fill,
 * and each call has had its effect on a loopback connection when it returns.
 */
export class KernelSocket {
  readonly fd: number;
  readonly #buffer = Buffer.allocUnsafeSlow(CHUNK);
  #poll: node.PollHandle | undefined;
  #open = true;

  constructor(namespace: Namespace, options: TcpSocketOptions) {
    this.fd = tcpSocket(namespace, options);
  }

  /** Sends the SYN. @param address 4 or 16 bytes @throws SystemCallError */
  connect(address: Uint8Array, port: number): void {
    tcpConnect(this.fd, address, port);
  }

  get localPort(): number {
    return localPort(this.fd);
  }

  /** @returns how many bytes the kernel took: fewer than all when its buffer is full @throws SystemCallError EPIPE, ECONNRESET */
  send(bytes: Uint8Array): number {
    const sent = libc().send(this.fd, bytes, bytes.length, MSG_NOSIGNAL);
    if (sent < 0 && wouldBlock()) return 0;
    return sysCall('send', sent);
  }

  /** @returns what has arrived, empty at the end of the stream, null when nothing is there @throws SystemCallError ECONNRESET */
  receive(): Buffer | null {
    const length = libc().recv(this.fd, this.#buffer, CHUNK, 0);
    if (length < 0 && wouldBlock()) return null;
    return Buffer.from(this.#buffer.subarray(0, sysCall('receive', length)));
  }

  /** Half-close: sends the FIN behind what was sent. */
  shutdownWrite(): void {
    sysCall('shutdown', libc().shutdown(this.fd, SHUT_WR));
  }

  /** Resolves when there may be something to receive, and after `ms` at the latest. */
  readable(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(deadline);
        this.#poll?.close();
        this.#poll = undefined;
        resolve();
      };
      const deadline = setTimeout(done, ms);
      this.#poll = koffi.node.poll(this.fd, done);
    });
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#poll?.close();
    libc().close(this.fd);
  }
}
