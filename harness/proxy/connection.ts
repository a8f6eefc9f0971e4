import type { Socket } from 'node:net';
import type { Random } from '#core';
import { actingOn, onStream, type ActingToxic } from './acting-toxic.ts';
import type { ConnectionInfo, Stream } from './contract.ts';
import { Direction, type DirectionEnds } from './direction.ts';
import { Side, type SideListener } from './side.ts';
import type { Opening, Quirks, StreamEvent } from './toxics/index.ts';

/** What a connection is part of. */
export interface ConnectionHome {
  readonly quirks: Quirks;
  /** Its own numbers, from the beginning each time. */
  readonly random: () => Random;
  /** A socket on its way to the upstream. */
  dial(): Socket;
  /** The upstream is reached, or will not be. */
  dialled(): void;
  closed(connection: Connection): void;
}

/** One client, and the connection that is opened to the upstream for it. */
export class Connection {
  readonly id: number;
  readonly random: () => Random;
  readonly #home: ConnectionHome;
  /** Asked for at once: of a socket that is closed nobody can tell. */
  readonly #client: string;
  #local: string | null = null;
  readonly #openedAtMs = Date.now();
  readonly #sides: Readonly<Record<'client' | 'upstream', Side>>;
  readonly #directions: Readonly<Record<Stream, Direction>>;
  readonly #received = { upstream: 0, downstream: 0 };
  #acting: readonly ActingToxic[] = [];
  #dial: 'not yet' | 'under way' | 'done' | 'given up' = 'not yet';
  #upstream: Socket | undefined;
  #hanging: NodeJS.Timeout | undefined;
  /** Sides that are not closed yet. */
  #open = 2;

  constructor(id: number, socket: Socket, toxics: readonly ActingToxic[], home: ConnectionHome) {
    this.id = id;
    this.random = home.random;
    this.#home = home;
    this.#client = formatEnd(socket.remoteAddress, socket.remotePort);
    const client = new Side(this.#listener('upstream'));
    const upstream = new Side(this.#listener('downstream'));
    this.#sides = { client, upstream };
    this.#directions = {
      upstream: new Direction(this.#between(client, upstream), home.quirks, this.random),
      downstream: new Direction(this.#between(upstream, client), home.quirks, this.random),
    };
    client.attach(socket);
    this.apply(toxics, true);
  }

  /** Bytes that came, by the direction that they go. */
  get received(): Readonly<Record<Stream, number>> {
    return this.#received;
  }

  /** Bytes that were passed on. */
  get sent(): Readonly<Record<Stream, number>> {
    return { upstream: this.#sides.upstream.sent, downstream: this.#sides.client.sent };
  }

  get info(): ConnectionInfo {
    const names = (stream: Stream): string[] =>
      this.#acting.filter(({ toxic }) => toxic.stream === stream).map(({ toxic }) => toxic.name);
    const { client, upstream } = this.#sides;
    return {
      id: this.id,
      client: this.#client,
      local: this.#local,
      openedAt: new Date(this.#openedAtMs).toISOString(),
      bytes: this.sent,
      toxics: { upstream: names('upstream'), downstream: names('downstream') },
      ends: { upstream: upstream.end, downstream: client.end },
    };
  }

  /** The toxics of the proxy are these now: those that are drawn for this connection act on it. */
  apply(toxics: readonly ActingToxic[], atOpening = false): void {
    this.#acting = actingOn(this, toxics);
    const openings = this.#dial === 'not yet' ? this.#openings() : [];
    if (openings.some(({ act }) => act === 'refuse')) return this.reset();
    for (const stream of ['upstream', 'downstream'] as const)
      this.#directions[stream].apply(onStream(this.#acting, stream), atOpening);
    // A toxic may have ended it.
    if (this.#dial === 'not yet') this.#dialAfter(openings);
  }

  /** close() of both sockets: what waits is lost. */
  close(): void {
    this.#end('destroy');
  }

  /** A RST to both peers. */
  reset(): void {
    this.#end('reset');
  }

  // Opening

  #openings(): Opening[] {
    return this.#acting.flatMap(({ type, toxic }) =>
      type.opening === undefined ? [] : [type.opening(toxic.attributes)],
    );
  }

  #dialAfter(openings: readonly Opening[]): void {
    clearTimeout(this.#hanging);
    // Without a time a toxic lets nobody through while it is there.
    const untilMs = Math.max(0, ...openings.map(({ ms }) => (ms === 0 ? Infinity : this.#openedAtMs + ms)));
    const leftMs = untilMs - Date.now();
    if (leftMs <= 0) this.#dialNow();
    else if (leftMs !== Infinity) this.#hanging = setTimeout(() => this.#dialNow(), leftMs);
  }

  #dialNow(): void {
    this.#dial = 'under way';
    const socket = this.#home.dial();
    this.#upstream = socket;
    const refused = (): void => {
      if (this.#dial !== 'under way') return;
      if (this.#home.quirks.refusalIsFin) this.close();
      else this.reset();
    };
    socket.once('error', refused);
    socket.once('connect', () => {
      if (this.#dial !== 'under way') return;
      this.#dial = 'done';
      this.#local = formatEnd(socket.localAddress, socket.localPort);
      socket.off('error', refused);
      this.#sides.upstream.attach(socket);
      this.#directions.upstream.settle();
      this.#home.dialled();
    });
  }

  // Passing on

  /** What a side tells whose bytes go in this direction. */
  #listener(stream: Stream): SideListener {
    const back = stream === 'upstream' ? 'downstream' : 'upstream';
    return {
      event: (event) => this.#come(stream, event),
      resetDue: () => this.reset(),
      // What its socket took has gone the other way.
      written: () => this.#directions[back].settle(),
      closed: () => this.#closed(),
    };
  }

  #come(stream: Stream, event: StreamEvent): void {
    if (typeof event !== 'string') this.#received[stream] += event.length;
    const closesBoth = this.#home.quirks.endClosesBoth && (event === 'FIN' || event === 'RST');
    this.#directions[stream].push(closesBoth ? 'CLOSE' : event);
  }

  #between(from: Side, to: Side): DirectionEnds {
    return {
      deliver: (event) => to.deliver(event),
      waiting: () => to.waiting,
      setFlowing: (flowing) => from.setFlowing(flowing),
      reset: () => this.reset(),
    };
  }

  // The end

  #end(how: 'destroy' | 'reset'): void {
    clearTimeout(this.#hanging);
    for (const direction of Object.values(this.#directions)) direction.drop();
    for (const side of Object.values(this.#sides)) side[how]();
    this.#giveUpDial();
  }

  /** Of a socket that was never connected nobody tells that it is closed. */
  #giveUpDial(): void {
    const state = this.#dial;
    if (state === 'done' || state === 'given up') return;
    this.#dial = 'given up';
    this.#upstream?.destroy();
    if (state === 'under way') this.#home.dialled();
    this.#sides.upstream.abandon();
  }

  #closed(): void {
    this.#open -= 1;
    if (this.#open === 0) {
      for (const direction of Object.values(this.#directions)) direction.drop();
      this.#home.closed(this);
    } else if (this.#dial === 'not yet') {
      // The client is gone, and nobody waits for the upstream.
      clearTimeout(this.#hanging);
      this.#giveUpDial();
    }
  }
}

function formatEnd(address = '', port = 0): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
