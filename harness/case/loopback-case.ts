import { CloseWaitError, nowUs } from '#core';
import { expect } from '#expect';
import type { Traits } from '#target';
import type { State, Tuple } from '#tcp';
import { Trace } from '#trace';
import { Client, WatchedSocket, type ClientOptions, type FullBacklog } from '#wire';
import { BaseCase, type BaseOptions } from './base-case.ts';
import { quote } from './quote.ts';
import { wireRemedy } from './remedy.ts';

/** SO_RCVBUF that closes a client's window long before a large answer is through, bytes. */
const SMALL_BUFFER = 4096;

/** A server that closes at all does it within this, ms. */
const REACH_MS = 5000;

/** A SYN is sent again after 1 and after 3 s: who dials learns by then that he is refused, ms. */
const DISMISS_MS = 4000;

/** How soon a server that is told to dial does, ms. */
const DIAL_MS = 2000;

/** What was done, and how long it took until the state was seen, microseconds. */
export interface Brought {
  readonly stimulus: string;
  readonly afterUs: number;
}

/** A case with kernel sockets alone, on addresses of this machine. */
export class LoopbackCase extends BaseCase {
  readonly #backlog: FullBacklog | null;

  /** @param backlog where the server can be told to dial; null when it was running before us */
  constructor(base: BaseOptions, backlog: FullBacklog | null) {
    super(base);
    this.#backlog = backlog;
  }

  /** A connected client. Reset when the case ends, unless it was closed before. */
  client(options: Partial<ClientOptions> = {}): Client {
    const { target, family, trace } = this;
    const client = new Client(target.host, { family, remote: this.server, trace, ...options });
    this.cleanup(() => client.dispose());
    this.sources.push(client);
    return client;
  }

  /** A connected client that offers a small window and reads nothing by itself. */
  narrowClient(): Client {
    return this.client({ receiveBuffer: SMALL_BUFFER });
  }

  /** A connected client, and how long its connect() took until the server's state was known. */
  timedClient(): { client: Client; afterUs: number } {
    const startUs = nowUs();
    const client = this.client();
    return { client, afterUs: nowUs() - startUs };
  }

  /** A client of the port that defers accept: its connection waits for data, half-open as the server's kernel sees it. */
  deferredClient(): { client: Client; afterUs: number } {
    const { defersAccept } = this.target.traits;
    if (defersAccept === undefined) {
      this.skip(
        'a kernel client always acknowledges a SYN-ACK, and this server has no port that defers accept',
        wireRemedy(this.target),
      );
    }
    const startUs = nowUs();
    const client = this.client({ remote: this.target.endpoint(this.family, defersAccept.port) });
    return { client, afterUs: nowUs() - startUs };
  }

  /** Makes the server close first. */
  async serverClosesFirst(client: Client): Promise<Brought> {
    const { closesFirst } = this.target.traits;
    if (closesFirst === undefined)
      this.unsupported(`nothing is known that makes ${this.target.info.name} close first`);
    return this.#bring(client, closesFirst.send, 'FIN_WAIT_2', 'the server closes first');
  }

  /**
   * Makes the server send more than a narrow client's window takes, and close: its FIN stays behind data that cannot be
   * sent, and the state that would last microseconds lasts.
   */
  async serverClosesBehindData(client: Client, held: State): Promise<Brought> {
    const { send } = this.#largeThenCloses();
    return this.#bring(
      client,
      send,
      held,
      'the server closes behind an answer that the client does not read',
    );
  }

  /**
   * The client half-closes, then the server does the same as above: its FIN, the last one, stays behind its data. The
   * server is stopped meanwhile, so that the order is sure.
   */
  async serverClosesLastBehindData(client: Client): Promise<Brought> {
    const { send } = this.#largeThenCloses();
    await this.pauseServer();
    client.send(send);
    client.halfClose();
    expect(client).to.be.in.state('CLOSE_WAIT');
    const startUs = nowUs();
    await this.target.process?.resume();
    await expect(client).to.reach('LAST_ACK').within(REACH_MS);
    const stimulus = `${quote(send)} and shutdown(): the server closes behind an answer that the client does not read`;
    return { stimulus, afterUs: nowUs() - startUs };
  }

  /** Lets the server dial a listener of ours whose accept queue is full. */
  async dialled(): Promise<Brought & { readonly socket: WatchedSocket }> {
    const { dials } = this.target.traits;
    const backlog = this.#backlog;
    if (dials === undefined)
      this.unsupported(`${this.target.info.name} never dials out, as far as closewait knows`);
    if (backlog === null) this.unsupported('it was running already, and cannot be told where to dial');
    const request = dials.send(backlog.endpoint);
    const { undo } = dials;
    const requester = new Client(this.target.host, {
      family: this.family,
      remote: this.server,
      trace: new Trace(),
    });
    this.cleanup(() => backlog.dismiss(DISMISS_MS));
    this.cleanup(() => requester.dispose());
    if (undo !== undefined) this.cleanup(() => void requester.send(undo));
    const startUs = nowUs();
    requester.send(request);
    const tuple = await this.#firstDialler(backlog, startUs + DIAL_MS * 1000);
    const afterUs = nowUs() - startUs;
    this.trace.connection = { family: this.family, server: tuple.local, client: tuple.remote };
    this.trace.state('server', 'CLOSED', 'before it dials');
    const socket = new WatchedSocket(this.target.host, tuple, this.trace);
    this.sources.push(socket);
    return { socket, stimulus: `${quote(request)}: it dials a listener whose accept queue is full`, afterUs };
  }

  #largeThenCloses(): NonNullable<Traits['largeThenCloses']> {
    const { largeThenCloses } = this.target.traits;
    if (largeThenCloses === undefined) {
      this.unsupported(`nothing is known that makes ${this.target.info.name} send much and close`);
    }
    return largeThenCloses;
  }

  async #firstDialler(backlog: FullBacklog, deadlineUs: number): Promise<Tuple> {
    for (;;) {
      const tuple = backlog.dialler();
      if (tuple !== null) return tuple;
      if (nowUs() > deadlineUs) throw new CloseWaitError('CW_UNMET', `it did not dial within ${DIAL_MS} ms`);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  async #bring(client: Client, send: string | Uint8Array, state: State, what: string): Promise<Brought> {
    const startUs = nowUs();
    client.send(send);
    await expect(client).to.reach(state).within(REACH_MS);
    return { stimulus: `${quote(send)}: ${what}`, afterUs: nowUs() - startUs };
  }
}
