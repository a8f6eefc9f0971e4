import { ACK, RST, SYN } from './flags.ts';
import { acknowledge } from './machine-ack.ts';
import { holdSynText, learnSyn } from './machine-listen.ts';
import { ackSegment, has, resetAnswer, synAckSegment } from './machine-segments.ts';
import { cite, drop, emit, enter, remove, signal, type Step } from './machine-turn.ts';
import { seqLe, seqLt } from './seq.ts';

/** First, check the ACK bit (§3.10.7.3). */
export const checkSynSentAck: Step = (turn, segment) => {
  const { iss, snd } = turn.tcb;
  if (!has(segment, ACK) || (seqLt(iss, segment.ack) && seqLe(segment.ack, snd.nxt))) return [turn];
  return [drop(has(segment, RST) ? turn : emit(turn, resetAnswer(segment)))];
};

/**
 * Second, check the RST bit: the ACK, if there is one, was acceptable. RFC 5961's test for RCV.NXT says nothing here: no SYN
 * has set RCV.NXT yet.
 */
export const checkSynSentReset: Step = (turn, segment) => {
  if (!has(segment, RST)) return [turn];
  return [has(segment, ACK) ? remove(signal(turn, 'reset')) : drop(turn)];
};

/** Third, the security, is not modelled. Fourth, check the SYN bit; fifth, drop what has none. */
export const checkSynSentSyn: Step = (turn, segment, options) => {
  if (!has(segment, SYN)) return [drop(turn)];
  const learned = learnSyn(turn, segment, options);
  if (!has(segment, ACK)) {
    const received = drop(emit(enter(learned, 'SYN_RCVD'), synAckSegment(learned.tcb)));
    const [queued = received] = holdSynText(received, segment);
    return [queued];
  }
  const established = signal(enter(acknowledge(learned, segment.ack), 'ESTABLISHED'), 'established');
  // One ACK for all that follows, or one for the SYN alone: "some TCP implementations suppress sending this segment".
  return [{ ...established, ackDue: true }, emit(established, ackSegment(established.tcb))].map((each) =>
    cite(each, 9293, '3.10.7.4'),
  );
};
