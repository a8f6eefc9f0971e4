import { ACK, type Flags, FIN, PSH, RST, SYN } from './flags.ts';
import type { Tcb } from './machine-tcb.ts';
import { segment, type Segment, segmentLength } from './segment.ts';
import { seq, seqAdd } from './seq.ts';

export function has({ flags }: Segment, bit: Flags): boolean {
  return (flags & bit) !== 0;
}

/** `<SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>`: the acknowledgment, the duplicate one and the challenge ACK are all this. */
export function ackSegment(tcb: Tcb): Segment {
  return segment({ flags: ACK, seq: tcb.snd.nxt, ack: tcb.rcv.nxt, window: offeredWindow(tcb) });
}

/** `<SEQ=ISS><CTL=SYN>`. */
export function synSegment(tcb: Tcb): Segment {
  return segment({ flags: SYN, seq: tcb.iss, window: offeredWindow(tcb) });
}

/** `<SEQ=ISS><ACK=RCV.NXT><CTL=SYN,ACK>`. */
export function synAckSegment(tcb: Tcb): Segment {
  return segment({ flags: SYN | ACK, seq: tcb.iss, ack: tcb.rcv.nxt, window: offeredWindow(tcb) });
}

/** Text at `from` with the acknowledgment on it; `push` where it empties the queue (MUST-61). */
export function textSegment(tcb: Tcb, from: Segment['seq'], payload: Uint8Array, push: boolean): Segment {
  const flags = push ? PSH | ACK : ACK;
  return segment({ flags, seq: from, ack: tcb.rcv.nxt, window: offeredWindow(tcb), payload });
}

export function finSegment(tcb: Tcb, at: Segment['seq']): Segment {
  return segment({ flags: FIN | ACK, seq: at, ack: tcb.rcv.nxt, window: offeredWindow(tcb) });
}

/**
 * The reset that answers `arrived` (§3.5.2): `<SEQ=SEG.ACK><CTL=RST>`, or where that has no ACK
 * `<SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>`.
 */
export function resetAnswer(arrived: Segment): Segment {
  if (has(arrived, ACK)) return segment({ flags: RST, seq: arrived.ack, window: 0 });
  const ack = seqAdd(arrived.seq, segmentLength(arrived));
  return segment({ flags: RST | ACK, seq: seq(0), ack, window: 0 });
}

/** The reset of one's own accord (§3.10.5): `<SEQ=SND.NXT><CTL=RST>`. */
export function resetSegment(tcb: Tcb): Segment {
  return segment({ flags: RST, seq: tcb.snd.nxt, window: 0 });
}

function offeredWindow({ rcv }: Tcb): number {
  return Math.min(rcv.wnd, 0xffff);
}
