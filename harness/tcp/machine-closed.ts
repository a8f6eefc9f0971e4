import type { MachineEvent, Outcome, Outcomes } from './machine-events.ts';
import { has, resetAnswer, synSegment } from './machine-segments.ts';
import { type Tcb, tcb } from './machine-tcb.ts';
import { RST } from './flags.ts';
import { seqAdd } from './seq.ts';

const NOTHING: Outcome = {
  tcb: null,
  path: [],
  segments: [],
  delivered: [],
  signals: [],
  error: null,
  startsTimeWait: false,
  refs: [],
};

/** Any event where there is no TCB. */
export function stepClosed(event: MachineEvent): Outcomes {
  switch (event.type) {
    case 'open':
      return [open(event)];
    case 'segment': {
      const refs = [{ rfc: 9293, section: '3.10.7.1' }];
      return [{ ...NOTHING, refs, segments: has(event.segment, RST) ? [] : [resetAnswer(event.segment)] }];
    }
    case 'timeout':
      return [NOTHING];
    default:
      return [
        { ...NOTHING, error: 'connection does not exist', refs: [{ rfc: 9293, section: CALLS[event.type] }] },
      ];
  }
}

const CALLS = { send: '3.10.2', receive: '3.10.3', shutdown: '3.10.4', close: '3.10.4', abort: '3.10.5' };

/** §3.10.1. Local and remote addresses are not the machine's business: whatever event it is given is for this connection. */
function open({ passive, iss, window }: Extract<MachineEvent, { type: 'open' }>): Outcome {
  const listening = tcb('LISTEN', { iss, rcv: { wnd: window } });
  const opened = passive ? listening : dial(listening);
  const segments = passive ? [] : [synSegment(opened)];
  return {
    ...NOTHING,
    tcb: opened,
    path: [opened.state],
    segments,
    refs: [{ rfc: 9293, section: '3.10.1' }],
  };
}

/** "Set SND.UNA to ISS, SND.NXT to ISS+1, enter SYN-SENT state." The SYN is for the caller to send. */
export function dial(listening: Tcb): Tcb {
  const { iss, snd } = listening;
  return { ...listening, state: 'SYN_SENT', passive: false, snd: { ...snd, una: iss, nxt: seqAdd(iss, 1) } };
}
