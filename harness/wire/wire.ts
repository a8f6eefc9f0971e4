import { nowUs, type Random } from '#core';
import type { Host, Lab } from '#lab';
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
  type State,
  type Tuple,
} from '#tcp';
import type { Side } from '#trace';
import type { Cable } from './cable.ts';
import { Ends } from './ends.ts';
import type { Inhabitant } from './inhabitant.ts';
import { findSocket, isListening, readState } from './lookup.ts';
import type { Match } from './match.ts';
import type { Passing } from './passing.ts';
import { Register, UNCOUNTED, type Batch } from './register.ts';
import type { RuleFor } from './rule.ts';
import { Rules } from './rules.ts';

/** The lab's link in the harness's hands: every packet between the server and anybody else passes here. */
export class Wire {
  readonly lab: Lab;
  #random: Random;
  readonly #server: Host;
  readonly #ends = new Ends();
  readonly #register: Register;
  readonly #rules: Rules;
  readonly #fences = new Map<number, () => void>();
  /** A kernel got a packet from another since the links were read. */
  #handed = false;
  #fenceCount = 0;

  constructor(lab: Lab, random: Random) {
    this.lab = lab;
    this.#random = random;
    this.#server = lab.server;
    this.#register = new Register(lab, () => (this.#handed = true));
    this.#rules = new Rules(
      (side, tuple) => this.#look(side, tuple),
      () => this.drain(),
    );
    for (const host of [lab.server, lab.client]) host?.link!.onReadable(() => this.drain());
  }

  /** Where initial sequence numbers come from. */
  get random(): Random {
    return this.#random;
  }

  /** The host of kernel clients, made when it is first asked for. @throws SystemCallError EPERM without the privilege */
  get clientHost(): Host {
    if (this.lab.client !== null) return this.lab.client;
    const host = this.lab.addClient();
    host.link!.onReadable(() => this.drain());
    return host;
  }

  /**
   * A case begins: its numbers come from `random`, and its ends from a range of its own, so that it is the same in whichever
   * lab it runs, and meets no leftover of an earlier one.
   * @param slot which case it is
   */
  begin(random: Random, slot: number): void {
    this.#random = random;
    this.#ends.begin(slot);
  }

  /** An end of a connection that nobody has used in this lab. */
  freshEndpoint(family: Family): Endpoint {
    return this.#ends.fresh(family);
  }

  /** @throws CW_PEER_ADDRESS when somebody lives there already */
  settle(inhabitant: Inhabitant): void {
    this.#register.settle(inhabitant);
  }

  leave(inhabitant: Inhabitant): void {
    this.#register.leave(inhabitant);
  }

  /** From now on what crosses of a connection between two kernels is told to its cable. */
  lay(cable: Cable): void {
    this.#register.lay(cable);
  }

  /** What follows of that connection is nobody's. */
  lift(cable: Cable): void {
    this.#register.lift(cable);
  }

  /**
   * A rule for the packets that match, from either end and of any connection unless it says otherwise:
   * `rule({ from: 'server', has: 'F', nth: 1 }).drop()`. Rules act in the order in which they were made, and until the case
   * ends.
   * @throws CW_RULE, CW_FLAGS
   */
  rule(match: Match): RuleFor {
    return this.#rules.for(match, this.#random);
  }

  /** Removes all rules; what they keep is lost. */
  clearRules(): void {
    this.#rules.clear();
  }

  /**
   * Puts a packet on the wire, towards the server. Its kernel processes it inside this call, unless a rule does otherwise:
   * right after it, the socket's state is what this packet made it, and {@link drain} has the answer.
   * @returns when it was written, on the clock of nowUs
   */
  inject(bytes: Uint8Array): number {
    const atUs = nowUs();
    if (this.#rules.isEmpty || protocolOf(bytes) !== IPPROTO_TCP) this.put(bytes);
    else {
      const arrive = (passing: Passing): void => this.put(passing.bytes);
      const packet = decodePacket(bytes);
      this.#rules.pass({ from: 'client', packet, bytes, ...UNCOUNTED, arrive, tell: () => undefined });
    }
    return atUs;
  }

  /** Takes a packet through the rules, if there are any, to its end. */
  carry(passing: Passing): void {
    if (this.#rules.isEmpty) passing.arrive(passing);
    else this.#rules.pass(passing);
  }

  /** Writes a packet to the server's link, past all rules. */
  put(bytes: Uint8Array): void {
    this.#server.link!.write(bytes);
  }

  /** Hands on every packet that has arrived. Called by itself when the event loop sees one; call it to look at once. */
  drain(): void {
    // Between two kernels each packet may be answered at once.
    do {
      this.#handed = false;
      for (const passing of this.#read()) this.carry(passing);
    } while (this.#handed);
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
    const id = (this.#fenceCount = (this.#fenceCount + 1) % FENCE_PORTS);
    const from = { address: FENCE, port: FIRST_FENCE_PORT + id };
    const to = { address: this.#server.addresses[4]!, port: CLOSED_PORT };
    const answered = new Promise<void>((resolve) => this.#fences.set(from.port, resolve));
    this.put(encodePacket({ family: 4, from, to, ...segment({ flags: ACK, seq: seq(1), ack: seq(1) }) }));
    this.drain();
    await answered;
  }

  /** What waits at the links, with what is to happen to it. */
  #read(): Passing[] {
    const found: Passing[] = [];
    const batch: Batch = new Map();
    for (const from of SIDES) {
      const link = this.lab[from]?.link;
      for (let bytes = link?.read(); bytes != null; bytes = link?.read()) {
        // Neighbour discovery and multicast reports are on the wire too; they are nobody's here.
        if (protocolOf(bytes) !== IPPROTO_TCP) continue;
        const packet = decodePacket(bytes);
        if (packet.to.address === FENCE && (packet.flags & RST) !== 0) {
          this.#fences.get(packet.to.port)?.();
          this.#fences.delete(packet.to.port);
          continue;
        }
        const passing = this.#register.passing(from, packet, bytes, batch);
        if (passing !== null) found.push(passing);
      }
    }
    return found;
  }

  #look(side: Side, { family, local, remote }: Tuple): State | null {
    if (side === 'server') return this.stateOf({ family, local, remote });
    const { client } = this.lab;
    if (client?.addresses[family] !== remote.address) return null;
    return readState(client, { family, local: remote, remote: local });
  }
}

const SIDES = ['server', 'client'] as const;
const FENCE = '198.18.255.1';
const FIRST_FENCE_PORT = 49152;
const FENCE_PORTS = 16384;
/** tcpmux: no server listens there. */
const CLOSED_PORT = 1;
