import type { Duplex } from 'node:stream';
import type { Exchange } from './contract.ts';

/** What came of an exchange. */
export interface Answer {
  /** All that was received until then, read as latin1. */
  readonly received: string;
  /** `reply`: it matched. Otherwise what came instead: the end of the stream, an error, or nothing more in time. */
  readonly ended: 'reply' | 'closed' | 'error' | 'deadline';
  /** With `error`: its code, such as ECONNRESET. */
  readonly code?: string;
}

/**
 * Sends and collects until the reply matches. Leaves the connection as it is, and reads on, so that its end is seen.
 * @param socket a kernel socket, connected or about to be
 */
export function exchange(socket: Duplex, { send, reply }: Exchange, deadlineMs: number): Promise<Answer> {
  return new Promise((resolve) => {
    let received = '';
    const end = (ended: Answer['ended'], code?: string): void => {
      clearTimeout(deadline);
      socket.off('data', onData).off('end', onEnd).off('close', onEnd).off('error', onError);
      // Whoever uses the socket next may not listen for errors: an unheard one would end the whole process.
      socket.on('error', () => undefined).resume();
      resolve({ received, ended, ...(code === undefined ? {} : { code }) });
    };
    const onData = (chunk: Buffer): void => {
      received += chunk.toString('latin1');
      if (reply.test(received)) end('reply');
    };
    const onEnd = (): void => end('closed');
    const onError = (error: NodeJS.ErrnoException): void => end('error', error.code ?? error.message);
    const deadline = setTimeout(() => end('deadline'), deadlineMs);
    socket.on('data', onData).on('end', onEnd).on('close', onEnd).on('error', onError);
    if (send.length > 0) socket.write(send);
  });
}

/** Resolves with true when the other side has closed its side, false when it has not in time. */
export function closedByPeer(socket: Duplex, deadlineMs: number): Promise<boolean> {
  if (socket.readableEnded || socket.destroyed) return Promise.resolve(true);
  return new Promise((resolve) => {
    const end = (closed: boolean) => (): void => {
      clearTimeout(deadline);
      socket.off('end', onEnd).off('close', onEnd);
      resolve(closed);
    };
    const onEnd = end(true);
    const deadline = setTimeout(end(false), deadlineMs);
    socket.on('end', onEnd).on('close', onEnd).resume();
  });
}
