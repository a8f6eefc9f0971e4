import {
  ACK,
  FIN,
  formatFlags,
  RST,
  segmentLength,
  seqAdd,
  SYN,
  type Packet,
  type Segment,
  type Seq,
  type State,
  type Tuple,
} from '#tcp';
import { SNAP_LENGTH, type FaultAct, type PathEntry, type Side, type Trace } from '#trace';
import type { Passing } from './passing.ts';

/** What is told of one packet besides itself. */
export interface Crossing {
  readonly from: Side;
  readonly bytes: Uint8Array;
  /** When it was written or read, on the clock of nowUs. */
  readonly atUs: number;
  /** The server's state as found right after it; null where another packet followed before anybody could look. */
  readonly state: State | null;
  /** When that state was known, on the clock of nowUs. */
  readonly knownUs: number;
  readonly retransmission: boolean;
}

/** Writes one connection's packets and states into a case's timeline. */
export class Recorder {
  readonly #trace: Trace;
  readonly #other: 'peer' | 'client';
  /** One past the FIN that the server is to acknowledge. */
  #finEnd: Seq | null = null;

  /** @param other what the server's other end is: one of ours, or a kernel's */
  constructor(trace: Trace, other: 'peer' | 'client' = 'peer') {
    this.#trace = trace;
    this.#other = other;
  }

  /** The case is about this connection, unless it is about an earlier one. */
  open({ family, local, remote }: Tuple, first: State | null, atUs?: number): void {
    this.#trace.connection ??= { family, server: local, client: remote };
    if (first !== null && this.#trace.path('server').length === 0) {
      this.#trace.state('server', first, 'before the first segment', this.#moment(atUs));
    }
  }

  /** The states that the server's socket went through. */
  path(): readonly PathEntry[] {
    return this.#trace.path('server');
  }

  cross(packet: Packet, { from, bytes, atUs, state: found, knownUs, retransmission }: Crossing): void {
    const last = this.path().at(-1)?.state;
    const state = found !== null && isCausedBy(packet, from, found, last) ? found : null;
    if (from === 'client' && (packet.flags & FIN) !== 0)
      this.#finEnd = seqAdd(packet.seq, segmentLength(packet));
    if (from === 'server') this.#tellPassed(packet, found, knownUs);
    this.#trace.segment({
      atUs: this.#trace.at(atUs),
      from,
      flags: formatFlags(packet.flags),
      seq: packet.seq,
      ack: packet.ack,
      window: packet.window,
      length: packet.payload.length,
      retransmission,
      state,
      bytes: Buffer.from(bytes.subarray(0, SNAP_LENGTH)).toString('base64'),
    });
    if (state !== null)
      this.state(state, `${from === 'client' ? this.#other : 'server'} ${nameOf(packet)}`, knownUs);
  }

  /** A rule has done something to a packet. @param state the server's, as found then */
  fault({ from, packet, retransmission }: Passing, act: FaultAct, detail: string, state: State): void {
    const { seq, ack, window, payload } = packet;
    const flags = formatFlags(packet.flags);
    const atUs = this.#trace.now();
    const { length } = payload;
    this.#trace.fault({ atUs, act, from, flags, seq, ack, window, length, retransmission, detail });
    // To send it has changed its sender, whether or not it arrives.
    const last = this.path().at(-1)?.state;
    if (from === 'server' && isCausedBy(packet, from, state, last))
      this.state(state, `server ${nameOf(packet)}`);
  }

  /**
   * What a packet shows of the states before it, where its sender was quicker than our look. Data come from ESTABLISHED, though
   * a server may have closed when we look. A RST that acknowledges our FIN is sent by one that was in CLOSE_WAIT.
   */
  #tellPassed({ flags, ack, payload }: Packet, found: State | null, knownUs: number): void {
    if (payload.length > 0 && this.path().at(-1)?.state === 'SYN_RCVD')
      this.state('ESTABLISHED', 'inferred: server data', knownUs);
    const isReset = (flags & RST) !== 0 && (flags & ACK) !== 0 && found === 'CLOSED';
    if (!isReset || this.#finEnd === null || ack !== this.#finEnd) return;
    if (this.path().at(-1)?.state === 'ESTABLISHED') this.state('CLOSE_WAIT', 'inferred: peer FIN', knownUs);
  }

  /** @param atUs on the clock of nowUs; now, unless given */
  state(state: State, cause: string, atUs?: number): void {
    // A connection that the listener still has to make is not CLOSED: its path is at LISTEN.
    if (state === 'CLOSED' && this.#trace.path('server').at(-1)?.state === 'LISTEN') return;
    this.#trace.state('server', state, cause, this.#moment(atUs));
  }

  #moment(atUs: number | undefined): number | undefined {
    return atUs === undefined ? undefined : this.#trace.at(atUs);
  }
}

/**
 * Whether a state can be this packet's doing. Two states are entered by the server's own FIN alone: when its application is
 * so quick that they are found after another packet, that FIN is on its way, and is what they are told with. So is its RST,
 * where one of our packets that is none finds no socket any more.
 */
function isCausedBy({ flags }: Packet, from: Side, state: State, last: State | undefined): boolean {
  if (state === 'FIN_WAIT_1' || state === 'LAST_ACK') return from === 'server' && (flags & FIN) !== 0;
  const wasOpen = last === 'ESTABLISHED' || last === 'CLOSE_WAIT';
  return !(state === 'CLOSED' && wasOpen && from === 'client' && (flags & RST) === 0);
}

const NAMES = [
  [SYN, 'SYN'],
  [FIN, 'FIN'],
  [RST, 'RST'],
  [ACK, 'ACK'],
] as const;

/** `SYN`, `FIN-ACK`, `data-ACK`: how a person would call it. */
export function nameOf({ flags, payload }: Pick<Segment, 'flags' | 'payload'>): string {
  const control = NAMES.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name);
  const names = payload.length > 0 ? ['data', ...control] : control;
  return names.length === 0 ? 'segment without flags' : names.join('-');
}
