import type { Segment } from './segment.ts';
import { type Seq, seq, seqAdd, seqDiff } from './seq.ts';
import type { State } from './states.ts';

/** The states that have a TCB: CLOSED is to have none, written `null`. */
export type TcbState = Exclude<State, 'CLOSED'>;

/** Send sequence space (RFC 9293 §3.3.1). Windows are in bytes, unscaled. */
export interface SendSpace {
  readonly una: Seq;
  readonly nxt: Seq;
  readonly wnd: number;
  /** SEG.SEQ and SEG.ACK of the segment that last set `wnd`. */
  readonly wl1: Seq;
  readonly wl2: Seq;
  /** MAX.SND.WND: the largest window that the peer has offered (RFC 5961 §5.2). */
  readonly maxWnd: number;
  /** SendMSS (§3.7.1): the peer's, or 536. */
  readonly mss: number;
}

/** Receive sequence space (RFC 9293 §3.3.1). */
export interface ReceiveSpace {
  readonly nxt: Seq;
  readonly wnd: number;
  /** RCV.BUFF (§3.8.6.2.2): the window while nothing waits for the user. */
  readonly buff: number;
  /** RCV.UP; null while no urgent pointer has come. */
  readonly up: Seq | null;
}

/** Transmission control block: all that the RFC's rules look at, and no more. A value: steps make new ones. */
export interface Tcb {
  readonly state: TcbState;
  /** SYN_RCVD was reached from LISTEN (MUST-11). */
  readonly passive: boolean;
  /** In LISTEN: the one that the next connection takes. */
  readonly iss: Seq;
  readonly irs: Seq;
  readonly snd: SendSpace;
  readonly rcv: ReceiveSpace;
  /** Our SYN has been acknowledged. */
  readonly synAcked: boolean;
  /** Text from the user that is not acknowledged: first what is sent, from SND.UNA on, then what is not yet. */
  readonly queue: Uint8Array;
  /** Our FIN: asked for by CLOSE, then sent. */
  readonly fin: 'none' | 'queued' | 'sent';
  /** The user may still RECEIVE: false after a half-duplex close (§3.6.1 MAY-1). */
  readonly reading: boolean;
  /** RCV.USER (§3.8.6.2.2): bytes delivered and acknowledged that the user has not consumed. */
  readonly unread: number;
  /** Segments ahead of RCV.NXT, cut to the window (SHLD-31); in SYN_RCVD also what came with the SYN. */
  readonly held: readonly Segment[];
  /** The peer's last timestamp; null where the connection does not use them (RFC 7323 TS.Recent, for RFC 6191). */
  readonly tsRecent: number | null;
  /** The TIME_WAIT that this SYN_RCVD took over, to return to if the SYN was an old duplicate (§3.6.1). */
  readonly reopened: Tcb | null;
}

export type TcbFields = Partial<Omit<Tcb, 'state' | 'snd' | 'rcv'>> & {
  readonly snd?: Partial<SendSpace>;
  readonly rcv?: Partial<ReceiveSpace>;
};

const DEFAULT_WINDOW = 0xffff;
const DEFAULT_MSS = 536;
const NO_TEXT = new Uint8Array(0);

/** States in which text can come: the connection is open, and the peer has not sent its FIN. */
export const RECEIVING: ReadonlySet<State> = new Set<State>(['ESTABLISHED', 'FIN_WAIT_1', 'FIN_WAIT_2']);

/** What the states tell of SYN and FIN, from SND.UNA and RCV.NXT on: where a default must be chosen. */
const SYN_UNACKED = new Set<State>(['LISTEN', 'SYN_SENT', 'SYN_RCVD']);
const FIN_UNACKED = new Set<State>(['FIN_WAIT_1', 'CLOSING', 'LAST_ACK']);
const FIN_ACKED = new Set<State>(['FIN_WAIT_2', 'TIME_WAIT']);
const SYN_NOT_RECEIVED = new Set<State>(['LISTEN', 'SYN_SENT']);
const FIN_RECEIVED = new Set<State>(['CLOSE_WAIT', 'CLOSING', 'LAST_ACK', 'TIME_WAIT']);

/**
 * A TCB in `state`, from the fields that matter. The others are as a connection without text has them: numbers count from
 * `iss` and `irs` (0), SYN and FIN are sent, received and acknowledged as the state tells, windows are 65535.
 */
export function tcb(state: TcbState, fields: TcbFields = {}): Tcb {
  const { iss = seq(0), irs = seq(0) } = fields;
  const synAcked = !SYN_UNACKED.has(state);
  const una = fields.snd?.una ?? seqAdd(iss, Number(synAcked) + Number(FIN_ACKED.has(state)));
  const inFlight = (!synAcked && state !== 'LISTEN') || FIN_UNACKED.has(state) ? 1 : 0;
  const wnd = fields.snd?.wnd ?? DEFAULT_WINDOW;
  const rcvNxt = seqAdd(irs, Number(!SYN_NOT_RECEIVED.has(state)) + Number(FIN_RECEIVED.has(state)));
  const rcvWnd = fields.rcv?.wnd ?? DEFAULT_WINDOW;
  return {
    passive: state === 'LISTEN' || state === 'SYN_RCVD',
    synAcked,
    queue: NO_TEXT,
    fin: FIN_UNACKED.has(state) || FIN_ACKED.has(state) ? 'sent' : 'none',
    reading: true,
    unread: 0,
    held: [],
    tsRecent: null,
    reopened: null,
    ...fields,
    state,
    iss,
    irs,
    snd: {
      una,
      nxt: seqAdd(una, inFlight),
      wnd,
      wl1: irs,
      wl2: una,
      maxWnd: wnd,
      mss: DEFAULT_MSS,
      ...fields.snd,
    },
    rcv: { nxt: rcvNxt, wnd: rcvWnd, buff: rcvWnd + (fields.unread ?? 0), up: null, ...fields.rcv },
  };
}

/** The state of a connection that may have no TCB. */
export function stateOf(connection: Tcb | null): State {
  return connection?.state ?? 'CLOSED';
}

/** Whether our FIN is sent and acknowledged: it is the last thing in our sequence space. */
export function isFinAcked({ fin, snd }: Tcb): boolean {
  return fin === 'sent' && snd.una === snd.nxt;
}

/** Bytes of `queue` that are sent and not acknowledged: what is in flight but our SYN and FIN. */
export function textInFlight({ snd, synAcked, fin }: Tcb): number {
  const controls = (synAcked ? 0 : 1) + (fin === 'sent' && snd.una !== snd.nxt ? 1 : 0);
  return Math.max(0, seqDiff(snd.nxt, snd.una) - controls);
}
