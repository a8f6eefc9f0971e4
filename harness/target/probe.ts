import type { Socket } from 'node:net';
import { CloseWaitError } from '#core';
import type { Host } from '#lab';
import { formatEndpoint, type Endpoint } from '#tcp';
import { connectWithin, hangUp } from './connect.ts';
import type { Exchange } from './contract.ts';
import { closedByPeer, exchange, type Answer } from './exchange.ts';
import { recentDeath } from './greet.ts';
import { wholeHttpAnswer } from './http-answer.ts';
import type { ServerProcess } from './server-process.ts';

/** What some server is given to answer, and to close after it, milliseconds. */
const ANSWER_MS = 1000;
const CLOSE_MS = 1000;
/** A server that closes after each answer does so at once. */
const STAYS_MS = 30;

/** `tookMs`: from the request to the end of the answer. */
export type TimedAnswer = Answer & { readonly tookMs: number };

/** Tries something on a server, each time on a new connection. */
export class Probe {
  readonly #host: Host;
  readonly #endpoint: Endpoint;
  readonly #life: ServerProcess | null;

  constructor(host: Host, endpoint: Endpoint, life: ServerProcess | null) {
    this.#host = host;
    this.#endpoint = endpoint;
    this.#life = life;
  }

  /** What stands behind `Host:` in a request. */
  get authority(): string {
    return formatEndpoint(this.#endpoint);
  }

  /** A GET of the root. @param headers further lines, each with its end */
  request(headers = ''): Exchange & { send: string } {
    return { send: `GET / HTTP/1.1\r\nHost: ${this.authority}\r\n${headers}\r\n`, reply: wholeHttpAnswer };
  }

  ask(said: Exchange, deadlineMs = ANSWER_MS): Promise<TimedAnswer> {
    return this.#connected(async (socket) => {
      const startedAt = performance.now();
      const answer = await exchange(socket, said, deadlineMs);
      return { ...answer, tookMs: performance.now() - startedAt };
    });
  }

  /** Whether the server answers and then closes. */
  closesAfter(said: Exchange): Promise<boolean> {
    return this.#connected(async (socket) => {
      const { ended } = await exchange(socket, said, ANSWER_MS);
      return ended === 'reply' && closedByPeer(socket, CLOSE_MS);
    });
  }

  /** Whether the server answers and leaves the connection open. */
  staysOpenAfter(said: Exchange): Promise<boolean> {
    return this.#connected(async (socket) => {
      const { ended } = await exchange(socket, said, ANSWER_MS);
      return ended === 'reply' && !(await closedByPeer(socket, STAYS_MS));
    });
  }

  /** Whether the server closes an idle connection when its client does. */
  closesOnFin(): Promise<boolean> {
    return this.#connected(async (socket) => {
      socket.end();
      return closedByPeer(socket, CLOSE_MS);
    });
  }

  async #connected<T>(work: (socket: Socket) => Promise<T>): Promise<T> {
    const socket = await connectWithin(this.#host, this.#endpoint);
    if (socket === null) {
      const death = await recentDeath(this.#life);
      if (death !== null) throw death;
      throw new CloseWaitError(
        'CW_TARGET_GREETING',
        `no connection is accepted on ${formatEndpoint(this.#endpoint)}`,
      );
    }
    const result = await work(socket);
    await hangUp(socket);
    return result;
  }
}
