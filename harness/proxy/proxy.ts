import { connect, type Socket } from 'node:net';
import { CloseWaitError, random, type Random } from '#core';
import { AcceptQueue } from './accept-queue.ts';
import { Connection } from './connection.ts';
import type {
  ConnectionInfo,
  Counters,
  FaultProxy,
  MakeProxy,
  ProxyOptions,
  ProxySettings,
  Stream,
  Toxic,
  ToxicChange,
} from './contract.ts';
import { parseHostPort } from './limits.ts';
import { listenAt, type Listener } from './listener.ts';
import { ToxicList } from './toxic-list.ts';
import { NO_QUIRKS, TOXIPROXY_QUIRKS, type Quirks } from './toxics/index.ts';

/** TCP keep-alive of both sockets, as Toxiproxy has it, ms. */
const KEEP_ALIVE_MS = 15_000;

/** Where an upstream is dialled that is no address: it refuses. */
const NOBODY = { host: '127.0.0.1', port: 0 };

export const makeProxy: MakeProxy = (settings, options) => new Proxy(settings, options);

class Proxy implements FaultProxy {
  readonly name: string;
  listen: string;
  upstream: string;
  readonly #quirks: Quirks;
  readonly #random: Random;
  readonly #toxics: ToxicList;
  readonly #queue: AcceptQueue;
  readonly #connections = new Set<Connection>();
  /** Those who wait for the last connection to be closed. */
  #emptied: (() => void)[] = [];
  #listener: Listener | null = null;
  #accepted = 0;
  /** Of the connections that are closed. */
  readonly #received = { upstream: 0, downstream: 0 };
  readonly #sent = { upstream: 0, downstream: 0 };

  constructor({ name, listen, upstream }: ProxySettings, { seed, strict }: ProxyOptions) {
    this.name = name;
    this.listen = listen;
    this.upstream = upstream;
    this.#quirks = strict ? TOXIPROXY_QUIRKS : NO_QUIRKS;
    this.#random = random(seed);
    this.#toxics = new ToxicList(name, this.#quirks.toxicityRedrawn);
    this.#queue = new AcceptQueue(this.#quirks.serialDial, (socket) => this.#open(socket));
  }

  get enabled(): boolean {
    return this.#listener !== null;
  }

  get toxics(): readonly Toxic[] {
    return this.#toxics.shown;
  }

  get counters(): Counters {
    const total = (what: 'received' | 'sent', closed: Record<Stream, number>): Record<Stream, number> => {
      const sum = { ...closed };
      for (const connection of this.#connections) add(sum, connection[what]);
      return sum;
    };
    return {
      connections: this.#accepted,
      received: total('received', this.#received),
      sent: total('sent', this.#sent),
    };
  }

  connections(): ConnectionInfo[] {
    return [...this.#connections].map(({ info }) => info);
  }

  // Toxics

  async addToxic(toxic: Toxic): Promise<Toxic> {
    this.#toxics.add(toxic, this.#accepted);
    this.#apply();
    return toxic;
  }

  async updateToxic(name: string, change: ToxicChange): Promise<Toxic> {
    const toxic = this.#toxics.update(name, change);
    this.#apply();
    return toxic;
  }

  async removeToxic(name: string): Promise<void> {
    const { type } = this.#toxics.remove(name);
    this.#apply();
    if (type === 'timeout' && this.#quirks.timeoutRemovalCloses) this.#closeAll();
  }

  async removeAllToxics(): Promise<void> {
    for (const { name } of this.toxics) await this.removeToxic(name);
  }

  #apply(): void {
    for (const connection of this.#connections) connection.apply(this.#toxics.acting);
  }

  // Listening

  async update(change: Partial<Omit<ProxySettings, 'name'>>): Promise<void> {
    const { listen = this.listen, upstream = this.upstream, enabled = this.enabled } = change;
    const moves = listen !== this.listen;
    const differs = moves || upstream !== this.upstream;
    if (!enabled || !this.enabled || (differs && this.#quirks.failedUpdateDisables)) {
      await this.stop();
      if (enabled && !this.#quirks.failedUpdateDisables) return this.#startWith(listen, upstream);
      this.listen = listen;
      this.upstream = upstream;
      if (enabled) await this.start();
      return;
    }
    if (moves) await this.#moveTo(listen);
    this.upstream = upstream;
    if (differs) this.#closeAll();
  }

  async start(): Promise<void> {
    if (this.#listener !== null)
      throw new CloseWaitError('CW_PROXY_LISTEN', `proxy ${this.name} listens at ${this.listen} already`);
    await this.#startWith(this.listen, this.upstream);
  }

  async stop(): Promise<void> {
    const listener = this.#listener;
    this.#listener = null;
    await listener?.close();
    this.#queue.clear();
    this.#closeAll();
    if (this.#connections.size > 0) await new Promise<void>((resolve) => this.#emptied.push(resolve));
  }

  /** New settings only when they can be had. */
  async #startWith(listen: string, upstream: string): Promise<void> {
    this.#listener = await listenAt(listen, this.#accept);
    this.listen = this.#listener.address;
    this.upstream = upstream;
  }

  /** The old listener stays when the new one cannot be had; where it is in the way itself, it comes back. */
  async #moveTo(listen: string): Promise<void> {
    const old = this.#listener!;
    let fresh: Listener;
    if (parseHostPort(listen)?.port === parseHostPort(this.listen)?.port) {
      await old.close();
      fresh = await listenAt(listen, this.#accept).catch(async (error: unknown) => {
        this.#listener = null;
        this.#listener = await listenAt(this.listen, this.#accept);
        throw error;
      });
    } else {
      fresh = await listenAt(listen, this.#accept);
      await old.close();
    }
    this.#listener = fresh;
    this.listen = fresh.address;
  }

  // Connections

  readonly #accept = (socket: Socket): void => this.#queue.accept(socket);

  #open(socket: Socket): void {
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    const id = ++this.#accepted;
    const connection = new Connection(id, socket, this.#toxics.acting, {
      quirks: this.#quirks,
      random: () => this.#random.fork(`connection ${id}`),
      dial: () => this.#dial(),
      dialled: () => this.#queue.dialled(),
      closed: (closed) => this.#closed(closed),
    });
    this.#connections.add(connection);
  }

  #dial(): Socket {
    this.#queue.dials();
    const { host, port } = parseHostPort(this.upstream) ?? NOBODY;
    return connect({
      host: host === '' ? 'localhost' : host,
      port,
      allowHalfOpen: true,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_MS,
    });
  }

  #closed(connection: Connection): void {
    this.#connections.delete(connection);
    add(this.#received, connection.received);
    add(this.#sent, connection.sent);
    if (this.#connections.size === 0) for (const tell of this.#emptied.splice(0)) tell();
  }

  #closeAll(): void {
    for (const connection of this.#connections) connection.close();
  }
}

function add(sum: Record<Stream, number>, more: Readonly<Record<Stream, number>>): void {
  sum.upstream += more.upstream;
  sum.downstream += more.downstream;
}
