/** Builders that the machine's tests share; a `.test.ts`, so that the package leaves it out. */
import { ACK, formatFlags } from './flags.ts';
import type { MachineEvent, Outcome, Outcomes } from './machine-events.ts';
import { MACHINE_DEFAULTS, type MachineOptions } from './machine-options.ts';
import { stateOf, type Tcb, tcb, type TcbFields, type TcbState } from './machine-tcb.ts';
import { step } from './machine.ts';
import { segment, type SegmentFields } from './segment.ts';
import { seq, seqDiff } from './seq.ts';

export const text = (letters: string): Uint8Array => new TextEncoder().encode(letters);

/** ISS 100, IRS 300, a receive window of 1000 and a send window of 500: an open connection has SND.NXT 101 and RCV.NXT 301. */
export function at(state: TcbState, fields: TcbFields = {}): Tcb {
  const numbers = { iss: seq(100), irs: seq(300), ...fields };
  return tcb(state, { ...numbers, snd: { wnd: 500, ...fields.snd }, rcv: { wnd: 1000, ...fields.rcv } });
}

type Fields = Omit<SegmentFields, 'seq' | 'ack' | 'payload'> & {
  seq?: number;
  ack?: number;
  payload?: string;
};

/** A segment arrives: left out, SEG.SEQ is RCV.NXT and SEG.ACK is SND.NXT. */
export function arrive(on: Tcb | null, fields: Fields, options: Partial<MachineOptions> = {}): Outcomes {
  const { seq: number = on?.rcv.nxt ?? 0, ack = on?.snd.nxt ?? 0, payload = '', ...rest } = fields;
  const arrived = segment({ window: 500, ...rest, seq: seq(number), ack: seq(ack), payload: text(payload) });
  return happen(on, { type: 'segment', segment: arrived }, options);
}

export function happen(on: Tcb | null, event: MachineEvent, options: Partial<MachineOptions> = {}): Outcomes {
  return step(on, event, { ...MACHINE_DEFAULTS, ...options });
}

/** Each outcome in one line: `CLOSE_WAIT < A 101:302`; after `<` the segments sent, `flags SEQ:ACK +bytes`. */
export function say(outcomes: readonly Outcome[]): string[] {
  return outcomes.map(({ tcb: after, segments }) => {
    const sent = segments.map((each) => {
      const ack = (each.flags & ACK) === 0 ? '' : `:${seqDiff(each.ack, seq(0))}`;
      const bytes = each.payload.length === 0 ? '' : ` +${each.payload.length}`;
      return `${formatFlags(each.flags)} ${seqDiff(each.seq, seq(0))}${ack}${bytes}`;
    });
    return [stateOf(after), ...(sent.length > 0 ? ['<', sent.join(', ')] : [])].join(' ');
  });
}

/** The preferred outcome in one line. */
export const first = ([preferred]: Outcomes): string => say([preferred])[0] ?? '';

export const delivered = ([{ delivered: pieces }]: Outcomes): string =>
  pieces.map((piece) => new TextDecoder().decode(piece)).join('');
