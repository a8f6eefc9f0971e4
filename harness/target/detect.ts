import type { Socket } from 'node:net';
import { CloseWaitError } from '#core';
import type { Host } from '#lab';
import { formatEndpoint, type Endpoint } from '#tcp';
import { connectWithin, hangUp } from './connect.ts';
import type { Exchange, Manners, Reply, Speech } from './contract.ts';
import { closedByPeer, exchange, type Answer } from './exchange.ts';
import { wholeHttpAnswer } from './http-answer.ts';

/** What some server is given to say the first thing, to answer a request, and to close after it, milliseconds. */
const BANNER_MS = 300;
const ANSWER_MS = 1000;
const CLOSE_MS = 1000;

const SOMETHING: Reply = /[^]/;
/** A server that closes after each answer does so at once. */
const STAYS_MS = 30;

/**
 * Finds out what a server speaks, and with that how it is greeted and how it closes: by a request of HTTP, and if the
 * answer is neither HTTP nor the request itself, by listening on a silent connection.
 * @throws CW_TARGET_GREETING when it accepts no connection
 */
export async function learnManners(
  host: Host,
  endpoint: Endpoint,
  speech: Speech | 'unknown',
): Promise<Manners> {
  const probe = new Probe(host, endpoint);
  const speaks = speech === 'unknown' ? await recognize(probe) : speech;
  const { greeting, closesFirst } = await MANNERS[speaks](probe);
  const closesOnFin = await probe.closesOnFin();
  return { greeting, traits: { closesOnFin, ...(closesFirst === undefined ? {} : { closesFirst }) } };
}

async function recognize(probe: Probe): Promise<Speech> {
  const { send } = probe.request();
  const { received } = await probe.ask({ send, reply: SOMETHING }, ANSWER_MS);
  if (received.startsWith('HTTP/')) return 'http';
  if (received !== '' && String(send).startsWith(received)) return 'echo';
  const silent = await probe.ask({ send: '', reply: SOMETHING }, BANNER_MS);
  return silent.ended === 'reply' ? 'banner' : 'none';
}

interface Found {
  readonly greeting: Exchange | null;
  readonly closesFirst?: Exchange;
}

const MANNERS: Readonly<Record<Speech, (probe: Probe) => Promise<Found> | Found>> = {
  http: async (probe) => {
    const kept = probe.request();
    const closing = probe.request('Connection: close\r\n');
    const closes = await probe.closesAfter(closing);
    // A server of HTTP/1.0 closes after each answer: what leaves the connection open is not known of it.
    return {
      greeting: (await probe.staysOpenAfter(kept)) ? kept : null,
      ...(closes ? { closesFirst: closing } : {}),
    };
  },
  echo: () => ({ greeting: { send: 'closewait\r\n', reply: /^closewait/ } }),
  banner: () => ({ greeting: { send: '', reply: SOMETHING } }),
  none: () => ({ greeting: null }),
};

/** Tries something on a server, each time on a new connection. */
class Probe {
  readonly #host: Host;
  readonly #endpoint: Endpoint;

  constructor(host: Host, endpoint: Endpoint) {
    this.#host = host;
    this.#endpoint = endpoint;
  }

  /** A GET of the root. @param headers further lines, each with its end */
  request(headers = ''): Exchange & { send: string } {
    const host = formatEndpoint(this.#endpoint);
    return { send: `GET / HTTP/1.1\r\nHost: ${host}\r\n${headers}\r\n`, reply: wholeHttpAnswer };
  }

  ask(said: Exchange, deadlineMs: number): Promise<Answer> {
    return this.#connected(async (socket) => exchange(socket, said, deadlineMs));
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
