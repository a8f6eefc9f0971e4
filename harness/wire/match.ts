import { CloseWaitError } from '#core';
import { parseFlags, PSH, segmentLength, seqDiff, type Endpoint, type State, type Tuple } from '#tcp';
import type { Side } from '#trace';
import type { Passing } from './passing.ts';

/** Which packets a rule is about: those for which all that is said holds. What is left out does not matter. */
export interface Match {
  /** The side that sent it. */
  readonly from?: Side;
  /** Exactly these letters, PSH aside: `SA`, `FA`. */
  readonly flags?: string;
  /** At least these letters. */
  readonly has?: string;
  /** None of these letters. */
  readonly lacks?: string;
  /** Payload bytes: at least the first, at most the second. */
  readonly length?: readonly [least: number, most: number];
  /** It has one of the sequence numbers from the first to the last, relative as reports show them: SYN is 0, the first byte 1. */
  readonly sequence?: readonly [first: number, last: number];
  /** Its payload, read as latin1, contains this. */
  readonly payload?: string | RegExp;
  /** Its sender has sent all of it before (true), or not (false). */
  readonly retransmission?: boolean;
  readonly connection?: { readonly tuple: Tuple };
  /**
   * The state of an end's socket when the packet is on the wire, by a lookup: what the packets that crossed before it, and
   * whoever sent it, have made of it. Of a peer, which has no kernel, there is none.
   */
  readonly state?: Readonly<Partial<Record<Side, State>>>;
  /** Of those for which all of the above holds, the n-th alone (from 1), or the first of these to the last. */
  readonly nth?: number | readonly [first: number, last: number];
  /** Of those for which all of the above holds, each with this probability, drawn from the run's seed. */
  readonly chance?: number;
}

/** The state of the socket that one side has of a packet's connection. */
export type LookAt = (side: Side, tuple: Tuple) => State | null;

/** Makes the test for all but `nth` and `chance`, which depend on what came before. @throws CW_RULE, CW_FLAGS */
export function matcher(match: Match, look: LookAt): (passing: Passing) => boolean {
  check(match);
  const { from, sequence, payload, retransmission, connection, state } = match;
  const [flags, has, lacks] = [match.flags, match.has, match.lacks].map((letters) =>
    letters === undefined ? undefined : parseFlags(letters),
  );
  const [least, most] = match.length ?? [0, Infinity];
  const pattern = typeof payload === 'string' ? { test: (text: string) => text.includes(payload) } : payload;
  return (passing) => {
    const { packet } = passing;
    if (from !== undefined && passing.from !== from) return false;
    if (flags !== undefined && ((packet.flags ^ flags) & ~PSH) !== 0) return false;
    if (has !== undefined && (packet.flags & has) !== has) return false;
    if (lacks !== undefined && (packet.flags & lacks) !== 0) return false;
    if (packet.payload.length < least || packet.payload.length > most) return false;
    if (sequence !== undefined && !overlaps(passing, sequence)) return false;
    if (pattern?.test(Buffer.from(packet.payload).toString('latin1')) === false) return false;
    if (retransmission !== undefined && passing.retransmission !== retransmission) return false;
    const tuple = tupleOf(passing);
    if (connection !== undefined && !isSame(connection.tuple, tuple)) return false;
    return (
      state === undefined || SIDES.every((side) => (state[side] ?? look(side, tuple)) === look(side, tuple))
    );
  };
}

const SIDES = ['server', 'client'] as const;

function check({ length, sequence, nth, chance = 1, payload }: Match): void {
  const refuse = (what: string): never => {
    throw new CloseWaitError('CW_RULE', `a rule of the wire cannot have ${what}`);
  };
  for (const [name, range] of Object.entries({ length, sequence })) {
    if (range !== undefined && !(range[0] <= range[1])) refuse(`${name} from ${range[0]} to ${range[1]}`);
  }
  const [first, last] = typeof nth === 'number' ? [nth, nth] : (nth ?? [1, 1]);
  if (!(first >= 1 && first <= last)) refuse(`nth ${String(nth)}`);
  if (!(chance >= 0 && chance <= 1)) refuse(`chance ${chance}`);
  if (payload instanceof RegExp && (payload.global || payload.sticky))
    refuse(`payload ${String(payload)}: g and y go on where the last packet ended`);
}

function overlaps({ packet, origin }: Passing, [first, last]: readonly [number, number]): boolean {
  if (origin === null) return false;
  const start = seqDiff(packet.seq, origin);
  const end = start + Math.max(1, segmentLength(packet)) - 1;
  return start <= last && end >= first;
}

/** The connection of a packet, as the server's socket sees it. */
export function tupleOf({ from, packet }: Pick<Passing, 'from' | 'packet'>): Tuple {
  const { family } = packet;
  return from === 'server'
    ? { family, local: packet.from, remote: packet.to }
    : { family, local: packet.to, remote: packet.from };
}

function isSame(one: Tuple, other: Tuple): boolean {
  const same = (a: Endpoint, b: Endpoint): boolean => a.port === b.port && a.address === b.address;
  return same(one.local, other.local) && same(one.remote, other.remote);
}
