import { connect, type Socket } from 'node:net';
import { CloseWaitError, random, type Random } from '#core';
import type { ActingToxic } from './acting-toxic.ts';
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
import { NO_QUIRKS, TOXIC_TYPES, TOXIPROXY_QUIRKS, type Quirks } from './toxics/index.ts';

/** TCP keep-alive of both sockets, as Toxiproxy has it, ms. */
const KEEP_ALIVE_MS = 15_000;

export const makeProxy: MakeProxy = (settings, options) => new Proxy(settings, options);

class Proxy implements FaultProxy {
  readonly name: string;
  listen: string;
  upstream: string;
  readonly #quirks: Quirks;
  readonly #random: Random;
  readonly #connections = new Set<Connection>();
  #acting: readonly ActingToxic[] = [];
  #listener: Listener | null = null;
  #accepted = 0;
  /** Of the connections that are closed. */
  readonly #received = { upstream: 0, downstream: 0 };
  readonly #sent = { upstream: 0, downstream: 0 };
  /** With the quirk of dialling one after the other: those who wait, and whether one is dialled. */
  #waiting: Socket[] = [];
  #dialling = false;

  constructor({ name, listen, upstream }: ProxySettings, { seed, strict }: ProxyOptions) {
    this.name = name;
    this.listen = listen;
    this.upstream = upstream;
    this.#quirks = strict ? TOXIPROXY_QUIRKS : NO_QUIRKS;
    this.#random = random(seed);
  }

  get enabled(): boolean {
    return this.#listener !== null;
  }

  get toxics(): readonly Toxic[] {
    const of = (stream: Stream): Toxic[] =>
      this.#acting.map(({ toxic }) => toxic).filter((toxic) => toxic.stream === stream);
    return [...of('upstream'), ...of('downstream')];
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
    if (this.#acting.some((one) => one.toxic.name === toxic.name))
      throw new CloseWaitError('CW_PROXY_EXISTS', `proxy ${this.name} has a toxic ${toxic.name} already`);
    const type = TOXIC_TYPES[toxic.type];
    if (type === undefined)
      throw new CloseWaitError(
        'CW_PROXY_TOXIC',
        `${toxic.type} is no type of toxic; there are ${Object.keys(TOXIC_TYPES).join(', ')}`,
      );
    this.#redrawBefore(this.#acting.length, toxic.stream);
    this.#acting = [...this.#acting, { toxic, type, addedAt: this.#accepted, draws: 0 }];
    this.#apply();
    return toxic;
  }

  async updateToxic(name: string, { toxicity, attributes }: ToxicChange): Promise<Toxic> {
    const acting = this.#acting[this.#indexOf(name)]!;
    const { toxic } = acting;
    acting.toxic = {
      ...toxic,
      toxicity: toxicity ?? toxic.toxicity,
      attributes: { ...toxic.attributes, ...attributes },
    };
    if (this.#quirks.toxicityRedrawn) acting.draws += 1;
    this.#apply();
    return acting.toxic;
  }

  async removeToxic(name: string): Promise<void> {
    const at = this.#indexOf(name);
    const { toxic } = this.#acting[at]!;
    this.#redrawBefore(at, toxic.stream);
    this.#acting = this.#acting.filter((_, other) => other !== at);
    this.#apply();
    if (toxic.type === 'timeout' && this.#quirks.timeoutRemovalCloses) this.#closeAll();
  }

  async removeAllToxics(): Promise<void> {
    for (const { toxic } of this.#acting) await this.removeToxic(toxic.name);
  }

  #indexOf(name: string): number {
    const at = this.#acting.findIndex(({ toxic }) => toxic.name === name);
    if (at === -1) throw new CloseWaitError('CW_PROXY_UNKNOWN', `proxy ${this.name} has no toxic ${name}`);
    return at;
  }

  /** The toxic of the direction in front of this place is started anew by Toxiproxy. */
  #redrawBefore(at: number, stream: Stream): void {
    if (!this.#quirks.toxicityRedrawn) return;
    const before = this.#acting.slice(0, at).findLast(({ toxic }) => toxic.stream === stream);
    if (before !== undefined) before.draws += 1;
  }

  #apply(): void {
    for (const connection of this.#connections) connection.apply(this.#acting);
  }

  // Listening

  async update(change: Partial<Omit<ProxySettings, 'name'>>): Promise<void> {
    const { listen = this.listen, upstream = this.upstream, enabled = this.enabled } = change;
    const moves = listen !== this.listen;
    const differs = moves || upstream !== this.upstream;
    if (this.#quirks.failedUpdateDisables || !enabled || !this.enabled) {
      if (differs || !enabled) await this.stop();
      if (!this.#quirks.failedUpdateDisables && enabled && !this.enabled)
        return this.#startWith(listen, upstream);
      this.listen = listen;
      this.upstream = upstream;
      if (enabled && !this.enabled) await this.start();
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
    this.#closeAll();
  }

  /** New settings only when they can be had. */
  async #startWith(listen: string, upstream: string): Promise<void> {
    this.#listener = await listenAt(listen, (socket) => this.#accept(socket));
    this.listen = this.#listener.address;
    this.upstream = upstream;
  }

  /** The old listener stays when the new one cannot be had; where it is in the way itself, it comes back. */
  async #moveTo(listen: string): Promise<void> {
    const old = this.#listener!;
    const accept = (socket: Socket): void => this.#accept(socket);
    let fresh: Listener;
    if (parseHostPort(listen)?.port === parseHostPort(this.listen)?.port) {
      await old.close();
      fresh = await listenAt(listen, accept).catch(async (error: unknown) => {
        this.#listener = null;
        this.#listener = await listenAt(this.listen, accept);
        throw error;
      });
    } else {
      fresh = await listenAt(listen, accept);
      await old.close();
    }
    this.#listener = fresh;
    this.listen = fresh.address;
  }

  // Connections

  #accept(socket: Socket): void {
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    if (this.#quirks.serialDial && this.#dialling) return void this.#waiting.push(socket);
    const id = ++this.#accepted;
    const connection = new Connection(id, socket, this.#acting, {
      quirks: this.#quirks,
      random: () => this.#random.fork(`connection ${id}`),
      dial: () => this.#dial(),
      dialled: () => this.#next(),
      closed: (closed) => this.#closed(closed),
    });
    if (!connection.isClosed) this.#connections.add(connection);
  }

  #dial(): Socket {
    this.#dialling = true;
    const { host, port } = parseHostPort(this.upstream) ?? { host: this.upstream, port: 0 };
    return connect({
      host: host === '' ? 'localhost' : host,
      port,
      allowHalfOpen: true,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_MS,
    });
  }

  /** Whoever waits for the one before to be connected is next. */
  #next(): void {
    this.#dialling = false;
    const socket = this.#waiting.shift();
    if (socket !== undefined) this.#accept(socket);
  }

  #closed(connection: Connection): void {
    if (!this.#connections.delete(connection)) return;
    add(this.#received, connection.received);
    add(this.#sent, connection.sent);
  }

  #closeAll(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const socket of waiting) socket.destroy();
    for (const connection of this.#connections) connection.close();
  }
}

function add(sum: Record<Stream, number>, more: Readonly<Record<Stream, number>>): void {
  sum.upstream += more.upstream;
  sum.downstream += more.downstream;
}
