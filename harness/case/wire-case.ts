import { NOBODY, readSysctl, writeSysctl, type Host } from '#lab';
import { nowUs } from '#core';
import type { Reply } from '#target';
import { Trace, type Side } from '#trace';
import { openToolShell } from '#observe';
import {
  Client,
  Peer,
  type ClientOptions,
  type Outcome,
  type PeerOptions,
  type Received,
  type Wire,
} from '#wire';
import type { State } from '#tcp';
import { BaseCase, type BaseOptions } from './base-case.ts';
import { quote } from './quote.ts';

/** How the server came to close: what was done to it, and its FIN, not acknowledged. */
export interface ServersFin {
  readonly fin: Received;
  readonly stimulus: string;
  /** From the stimulus to the FIN, microseconds. */
  readonly afterUs: number;
}

/** An answer that is to come; `bytes` is the least that it has. */
export interface Expected {
  readonly reply: Reply;
  readonly bytes?: number;
}

export interface Answered extends Outcome {
  /** All of the answer came. */
  readonly whole: boolean;
}

/** A case with every packet in its hands. */
export class WireCase extends BaseCase {
  readonly wire: Wire;

  constructor(base: BaseOptions, wire: Wire) {
    super(base);
    this.wire = wire;
  }

  /** A peer of the server, not connected yet. What it leaves is reset when the case ends. */
  peer(options: Partial<PeerOptions> = {}): Peer {
    const peer = new Peer(this.wire, {
      family: this.family,
      remote: this.server,
      trace: this.trace,
      ...options,
    });
    this.cleanup(() => peer.close());
    this.sources.push(peer);
    return peer;
  }

  /** A peer with an open connection. */
  async connected(options: Partial<PeerOptions> = {}): Promise<Peer> {
    const peer = this.peer(options);
    await peer.connect();
    return peer;
  }

  /**
   * A kernel client on a host of its own, connected unless a rule of the wire keeps it from that. Gone when the case ends.
   * @throws SystemCallError ECONNREFUSED when nobody listens
   */
  client(options: Partial<Omit<ClientOptions, 'wire'>> = {}): Client {
    const { family, trace, wire } = this;
    const host = wire.clientHost;
    openToolShell(host.namespace);
    const client = new Client(host, { family, remote: this.server, trace, ...options, wire });
    this.cleanup(() => client.dispose());
    this.sources.push(client, client.own);
    return client;
  }

  /**
   * The states that the case is about have been reached at both ends: checks each by a lookup and by the witness, whose
   * lines are the evidence.
   * @param afterUs from the stimulus to the states known, microseconds
   */
  async confirmBoth(
    client: Client,
    states: Readonly<Record<Side, State>>,
    stimulus: string,
    afterUs: number,
  ): Promise<void> {
    await this.confirm(client, states.server, stimulus, afterUs);
    const lines = await this.witnessed(client.own, states.client, this.wire.clientHost);
    this.note(`${states.server} at the server, ${states.client} at the client`, lines);
  }

  /** The rules of the wire go first, so that they keep nothing of what follows from arriving. */
  override async end(): Promise<void> {
    this.wire.clearRules();
    await super.end();
  }

  /** Makes the server close first, `how`ever it does that, or else by ending its process: its kernel closes then. */
  async serverClosesFirst(peer: Peer, how = this.target.traits.closesFirst): Promise<ServersFin> {
    const startUs = nowUs();
    if (how === undefined) return this.#endProcess(peer, startUs, '');
    peer.data(how.send);
    const { fin } = await peer.readToFin();
    return {
      fin,
      stimulus: `${quote(how.send)}: the server closes first`,
      afterUs: fin.atUs - startUs,
    };
  }

  /**
   * Has the server close first on a kernel client's connection, or else ends its process. What comes of it crosses the wire.
   * @returns what was done
   */
  async bidClose(client: Client): Promise<string> {
    const { closesFirst } = this.target.traits;
    if (closesFirst === undefined) {
      await this.accepted(client);
      await this.endServer();
      return "SIGKILL to the server's process: its kernel closes";
    }
    client.send(closesFirst.send);
    return `${quote(closesFirst.send)}: the server closes first`;
  }

  /**
   * A kernel client half-closes an idle connection; the server closes in turn, or else its process is ended. Its FIN must be
   * free to cross the wire. @returns what was done
   */
  async bidCloseAfterFin(client: Client): Promise<string> {
    const { closesOnFin } = this.target.traits;
    if (closesOnFin === false) await this.accepted(client);
    client.halfClose();
    const withinMs = closesOnFin === true ? CLOSE_MS : IDLE_CLOSE_MS;
    const closed =
      closesOnFin !== false &&
      (await client.arrival('server', { has: 'F' }, withinMs).then(
        () => true,
        () => false,
      ));
    if (closed) return 'FIN on an idle connection: the server closes too';
    await this.endServer();
    await client.arrival('server', { has: 'F' }, withinMs);
    return "FIN, and SIGKILL to the server's process: its kernel closes";
  }

  /** Sends a FIN on an idle connection; the server closes in turn, or else its process is ended. */
  async serverClosesAfterFin(peer: Peer): Promise<ServersFin> {
    const { closesOnFin } = this.target.traits;
    const startUs = nowUs();
    peer.fin();
    const withinMs = closesOnFin === true ? CLOSE_MS : IDLE_CLOSE_MS;
    const fin = closesOnFin === false ? null : await peer.end(withinMs);
    if (fin === null) return this.#endProcess(peer, startUs, 'FIN, and ');
    return { fin, stimulus: 'FIN on an idle connection: the server closes too', afterUs: fin.atUs - startUs };
  }

  /**
   * Lets the server dial out, to where nobody answers by itself.
   * @returns the peer it dialled, with its SYN, once it came
   */
  async dialled(): Promise<{ peer: Peer; syn: Received; stimulus: string; afterUs: number }> {
    const { dials } = this.target.traits;
    if (dials === undefined)
      this.unsupported(`${this.target.info.name} never dials out, as far as closewait knows`);
    const to = NOBODY[this.family];
    const peer = this.peer({ local: to, remote: null });
    const requester = new Peer(this.wire, { family: this.family, remote: this.server, trace: new Trace() });
    this.cleanup(() => requester.close());
    await requester.connect();
    const { undo } = dials;
    if (undo !== undefined) this.cleanup(() => void requester.data(undo));
    const request = dials.send(to);
    const startUs = nowUs();
    requester.data(request);
    const syn = await peer.expect({ flags: 'S' });
    return {
      peer,
      syn,
      stimulus: `${quote(request)}: it dials where nobody answers`,
      afterUs: syn.atUs - startUs,
    };
  }

  /** Sets a sysctl of a host's namespace, the server's unless given, `ipv4.tcp_fin_timeout`, until the case has ended. */
  sysctl(name: string, value: number | string, host: Host = this.target.host): void {
    const before = readSysctl(host, name);
    this.cleanup(() => writeSysctl(host, name, before));
    this.trace.step(`net.${name} = ${value}`);
    writeSysctl(host, name, value);
  }

  /** What the server answers: until the answer is whole, it ends the stream, or the time is over. */
  async answer(peer: Peer, { reply, bytes = 0 }: Expected, withinMs = this.patienceMs): Promise<Answered> {
    const isWhole = (received: Buffer): boolean =>
      received.length >= bytes && reply.test(received.toString('latin1'));
    const outcome = await peer.outcome(withinMs, isWhole);
    return { ...outcome, whole: isWhole(outcome.bytes) };
  }

  /** Has the server answer its greeting on this connection; where it has none, to accept it is all that it can show. */
  async greets(peer: Peer, withinMs = this.patienceMs): Promise<boolean> {
    const { greeting } = this.target;
    if (greeting !== null) {
      if (greeting.send.length > 0) peer.data(greeting.send);
      return (await this.answer(peer, greeting, withinMs)).whole;
    }
    const deadlineUs = nowUs() + withinMs * 1000;
    while (!this.isOwned(peer) && nowUs() < deadlineUs) await peer.changed(1);
    return this.isOwned(peer);
  }

  async #endProcess(peer: Peer, startUs: number, before: string): Promise<ServersFin> {
    // Its kernel would reset a connection that the application has not accepted yet.
    await this.accepted(peer);
    await this.endServer();
    const { fin } = await peer.readToFin();
    return {
      fin,
      stimulus: `${before}SIGKILL to the server's process: its kernel closes`,
      afterUs: fin.atUs - startUs,
    };
  }
}

/** A server that is known to close when its client does has done it within this, however busy the machine, ms. */
const CLOSE_MS = 5000;

/** One of which that is not known has, if it does at all, ms. */
const IDLE_CLOSE_MS = 1000;
