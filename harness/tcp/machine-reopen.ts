import { ACK, RST, SYN } from './flags.ts';
import { acceptSyn } from './machine-listen.ts';
import type { MachineOptions } from './machine-options.ts';
import { has } from './machine-segments.ts';
import { tcb, type Tcb } from './machine-tcb.ts';
import { timestampOf } from './machine-timestamps.ts';
import { cite, drop, type Step, type Turn } from './machine-turn.ts';
import type { Segment } from './segment.ts';
import { seq, seqAdd, seqLe, seqLt } from './seq.ts';

/** How far past its last number the next connection starts: farther than any window without scaling reaches. */
const ISS_STEP = 0x1_0000;

/**
 * A SYN in TIME_WAIT that may be a new connection (RFC 1122 §4.2.2.13, RFC 6191 §2). It comes before the sequence check, which
 * would refuse a SYN beyond the old window. To go on with the old connection, and challenge the SYN, is allowed too.
 */
export const reopen: Step = (turn, segment, options) => {
  if (turn.tcb.state !== 'TIME_WAIT' || !has(segment, SYN) || has(segment, ACK) || has(segment, RST))
    return [turn];
  if (options.rfc6191) {
    const cited = cite(turn, 6191, '2');
    return isHonoured(segment, turn.tcb) ? [...takeOver(cited, segment, options), turn] : [turn, drop(cited)];
  }
  if (!options.rfc1122Reopen || !isGreater(segment, turn.tcb)) return [turn];
  return [...takeOver(cite(cite(turn, 1122, '4.2.2.13'), 9293, '3.6.1'), segment, options), turn];
};

/** RFC 6191 §2, its seven cases. */
function isHonoured(syn: Segment, old: Tcb): boolean {
  const timestamp = timestampOf(syn);
  if (timestamp === null) return isGreater(syn, old);
  if (old.tsRecent === null || seqLt(seq(old.tsRecent), seq(timestamp))) return true;
  return timestamp === old.tsRecent && isGreater(syn, old);
}

/** Greater than the last number seen of the previous connection, which was its FIN's: RCV.NXT-1. */
function isGreater(syn: Segment, old: Tcb): boolean {
  return seqLe(old.rcv.nxt, syn.seq);
}

/** The new ISS is "larger than the largest sequence number it used on the previous connection incarnation". */
function takeOver(turn: Turn, syn: Segment, options: MachineOptions): readonly Turn[] {
  const old = turn.tcb;
  const listening = tcb('LISTEN', {
    iss: seqAdd(old.snd.nxt, ISS_STEP),
    reopened: old,
    rcv: { wnd: old.rcv.buff },
  });
  return acceptSyn({ ...turn, tcb: listening }, syn, options);
}
