import { CloseWaitError, nowUs, type Random } from '#core';
import type { Host, Lab } from '#lab';
import { findSocket, isListening, readState } from './lookup.ts';
import {
  ACK,
  decodePacket,
  encodePacket,
  protocolOf,
  RST,
  segment,
  seq,
  IPPROTO_TCP,
  type Endpoint,
  type Family,
  type Packet,
  type State,
  type Tuple,
} from '#tcp';

/** Who lives at an address on the wire: a peer that has been scripted. */
export interface Inhabitant {
  readonly family: Family;
  readonly local: Endpoint;
  /** null while it waits for whoever calls. */
  readonly remote: Endpoint | null;
  receive(arrival: Arrival): void;
}

/** A packet that has arrived. */
export interface Arrival {
  readonly packet: Packet;
  readonly bytes: Uint8Array;
  /** When it was read from the link, on the clock of nowUs. */
  readonly atUs: number;
  /** False: another one for the same inhabitant was there already, so that a state looked up now may be that one's doing. */
  readonly isLast: boolean;
}

/** Peers' addresses: 64 of each family, none of them a kernel's (that kernel would reset what it does not know). */
const PEERS = {
  4: (n: number) => `198.18.1.${n + 1}`,
  6: (n: number) => `2001:db8::1:${(n + 1).toString(16)}`,
};
const PEER_ADDRESSES = 64;
/** Ends for one case; one that needs more goes on into the next ones'. */
const SLOT_ENDS = 4096;
const FIRST_PORT = 49152;
const PORTS = 16384;

/** The lab's link in the harness's hands: every packet between the server and anybody else passes here. */
export class Wire {
  readonly lab: Lab;
  #random: Random;
  readonly #server: Host;
  readonly #inhabitants = new Map<string, Inhabitant>();
  readonly #fences = new Map<number, () => void>();
  #allocated = 0;
  #fenceCount = 0;

  constructor(lab: Lab, random: Random) {
    this.lab = lab;
    this.#random = random;
    this.#server = lab.server;
    lab.server.link!.onReadable(() => this.drain());
    lab.client?.link!.onReadable(() => this.drain());
  }

  /** Where initial sequence numbers come from. */
  get random(): Random {
    return this.#random;
  }

  /**
   * A case begins: its numbers come from `random`, and its ends from a range of its own, so that it is the same in whichever
   * lab it runs, and meets no leftover of an earlier one.
   * @param slot which case it is
   */
  begin(random: Random, slot: number): void {
    this.#random = random;
    this.#allocated = slot * SLOT_ENDS;
  }

  /** An end of a connection that nobody has used in this lab. */
  freshEndpoint(family: Family): Endpoint {
    const n = this.#allocated++;
    return { address: PEERS[family](Math.floor(n / PORTS) % PEER_ADDRESSES), port: FIRST_PORT + (n % PORTS) };
  }

  /** @throws CW_PEER_ADDRESS when somebody lives there already */
  settle(inhabitant: Inhabitant): void {
    const key = keyOf(inhabitant.local, inhabitant.remote);
    if (this.#inhabitants.has(key)) {
      throw new CloseWaitError(
        'CW_PEER_ADDRESS',
        `two peers at ${inhabitant.local.address} port ${inhabitant.local.port}`,
      );
    }
    this.#inhabitants.set(key, inhabitant);
  }

  leave(inhabitant: Inhabitant): void {
    const key = keyOf(inhabitant.local, inhabitant.remote);
    if (this.#inhabitants.get(key) === inhabitant) this.#inhabitants.delete(key);
  }

  /**
   * Puts a packet on the wire, towards the server. Its kernel processes it inside this call: right after it, the socket's
   * state is what this packet made it, and {@link drain} has the answer.
   * @returns when it was written, on the clock of nowUs
   */
  inject(bytes: Uint8Array): number {
    const atUs = nowUs();
    this.#server.link!.write(bytes);
    return atUs;
  }

  /** Hands on every packet that has arrived. Called by itself when the event loop sees one; call it to look at once. */
  drain(): void {
    const batch: { inhabitant: Inhabitant; packet: Packet; bytes: Uint8Array; atUs: number }[] = [];
    for (const host of [this.#server, this.lab.client]) {
      for (let bytes = host?.link!.read(); bytes != null; bytes = host?.link!.read()) {
        const found = this.#sort(bytes);
        if (found !== null) batch.push({ ...found, bytes, atUs: nowUs() });
      }
    }
    const last = new Map(batch.map(({ inhabitant }, index) => [inhabitant, index]));
    batch.forEach(({ inhabitant, ...arrival }, index) => {
      inhabitant.receive({ ...arrival, isLast: last.get(inhabitant) === index });
    });
  }

  /** The state of the server's socket of a connection, now: CLOSED when there is none. About 5 µs. */
  stateOf(tuple: Tuple): State {
    return readState(this.#server, tuple);
  }

  /** Ends a connection's socket at the server, whatever its state. False when there was none, or this kernel cannot. */
  destroy(tuple: Tuple): boolean {
    const socket = findSocket(this.#server, tuple);
    return socket !== null && this.#server.sockets!.destroy(socket);
  }

  /** Whether the server listens at this endpoint, on its address or on all. */
  isListening(endpoint: Endpoint, family: Family): boolean {
    return isListening(this.#server, endpoint, family);
  }

  /**
   * Resolves when all that the server's kernel sent before this call has been handed on: a segment to a closed port is
   * answered by a RST, and packets do not overtake each other. Silence is then known without having waited for it.
   */
  async fence(): Promise<void> {
    const id = (this.#fenceCount = (this.#fenceCount + 1) % PORTS);
    const from = { address: FENCE, port: FIRST_PORT + id };
    const to = { address: this.#server.addresses[4]!, port: CLOSED_PORT };
    const answered = new Promise<void>((resolve) => this.#fences.set(from.port, resolve));
    this.inject(encodePacket({ family: 4, from, to, ...segment({ flags: ACK, seq: seq(1), ack: seq(1) }) }));
    this.drain();
    await answered;
  }

  /** Whose a packet is; null when it was nobody's, or has been dealt with. */
  #sort(bytes: Uint8Array): { inhabitant: Inhabitant; packet: Packet } | null {
    // Neighbour discovery and multicast reports are on the wire too; they are nobody's here.
    if (protocolOf(bytes) !== IPPROTO_TCP) return null;
    const packet = decodePacket(bytes);
    if (packet.to.address === FENCE && (packet.flags & RST) !== 0) {
      this.#fences.get(packet.to.port)?.();
      this.#fences.delete(packet.to.port);
      return null;
    }
    const inhabitant =
      this.#inhabitants.get(keyOf(packet.to, packet.from)) ?? this.#inhabitants.get(keyOf(packet.to, null));
    if (inhabitant !== undefined) return { inhabitant, packet };
    this.#forward(packet, bytes);
    return null;
  }

  /** Between two kernels: the wire is only a cable. */
  #forward({ family, to }: Packet, bytes: Uint8Array): void {
    for (const host of [this.lab.client, this.#server]) {
      if (host?.addresses[family] === to.address) host.link!.write(bytes);
    }
  }
}

const FENCE = '198.18.255.1';
/** tcpmux: no server listens there. */
const CLOSED_PORT = 1;

function keyOf(local: Endpoint, remote: Endpoint | null): string {
  return `${local.address} ${local.port} ${remote === null ? '*' : `${remote.address} ${remote.port}`}`;
}
