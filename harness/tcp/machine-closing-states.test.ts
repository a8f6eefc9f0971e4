import { expect } from 'chai';
import { arrive, at, delivered, first, happen, say, text } from './machine-builders.test.ts';
import { seq } from './seq.ts';

// ------------------------------------------------------------------------------------------------ FIN_WAIT_1

describe('machine: FIN_WAIT_1 (RFC 9293 §3.10.7.4)', () => {
  const tcb = at('FIN_WAIT_1');

  it('"if the FIN segment is now acknowledged, then enter FIN-WAIT-2"', () => {
    expect(say(arrive(tcb, { flags: 'A' }))).to.deep.equal(['FIN_WAIT_2']);
    expect(say(arrive(tcb, { flags: 'A', ack: 101 }))).to.deep.equal(['FIN_WAIT_1']);
  });

  it('delivers text: half-closed, "a host is permitted to continue sending data in the open direction" (§3.6.1)', () => {
    const early = arrive(tcb, { flags: 'PA', ack: 101, payload: 'abc' });
    expect([...say(early), delivered(early)]).to.deep.equal(['FIN_WAIT_1 < A 102:304', 'abc']);
    const acked = arrive(tcb, { flags: 'PA', payload: 'abc' });
    expect([...say(acked), delivered(acked)]).to.deep.equal(['FIN_WAIT_2 < A 102:304', 'abc']);
  });

  it('"If our FIN has been ACKed (perhaps in this segment), then enter TIME-WAIT"', () => {
    const outcomes = arrive(tcb, { flags: 'FA' });
    expect(say(outcomes)).to.deep.equal(['TIME_WAIT < A 102:302']);
    expect(outcomes[0]).to.deep.include({ startsTimeWait: true, signals: ['closing'] });
    expect(outcomes[0].path).to.deep.equal(['FIN_WAIT_2', 'TIME_WAIT']);
  });

  it('"otherwise, enter the CLOSING state": simultaneous close', () => {
    const outcomes = arrive(tcb, { flags: 'FA', ack: 101 });
    expect(say(outcomes)).to.deep.equal(['CLOSING < A 102:302']);
    expect(outcomes[0].startsTimeWait).to.equal(false);
  });

  it('may use the ACK beyond a gap at once, and keeps the FIN for later; or holds the whole segment', () => {
    const outcomes = arrive(tcb, { flags: 'FA', seq: 302 });
    expect(new Set(say(outcomes))).to.deep.equal(
      new Set(['FIN_WAIT_2 < A 102:301', 'FIN_WAIT_2', 'FIN_WAIT_1 < A 102:301', 'FIN_WAIT_1']),
    );
    expect(first(arrive(outcomes[0].tcb, { flags: 'PA', payload: 'a' }))).to.equal('TIME_WAIT < A 102:303');
  });

  it('sends text that a shut window holds back, then the FIN', () => {
    const [{ tcb: full }] = happen(at('ESTABLISHED', { snd: { wnd: 2 } }), {
      type: 'send',
      text: text('abc'),
    });
    const closing = happen(full, { type: 'shutdown' });
    expect(say(closing)).to.deep.equal(['FIN_WAIT_1']);
    const opened = arrive(closing[0].tcb, { flags: 'A', window: 9 });
    expect(say(opened)).to.deep.equal(['FIN_WAIT_1 < PA 103:301 +1, FA 104:301']);
    expect(first(arrive(opened[0].tcb, { flags: 'A', ack: 104 }))).to.equal('FIN_WAIT_1');
    expect(first(arrive(opened[0].tcb, { flags: 'A', ack: 105 }))).to.equal('FIN_WAIT_2');
  });
});

// ------------------------------------------------------------------------------------------------ FIN_WAIT_2

describe('machine: FIN_WAIT_2 (RFC 9293 §3.10.7.4)', () => {
  const tcb = at('FIN_WAIT_2');

  it('delivers text', () => {
    const outcomes = arrive(tcb, { flags: 'PA', payload: 'abc' });
    expect([...say(outcomes), delivered(outcomes)]).to.deep.equal(['FIN_WAIT_2 < A 102:304', 'abc']);
  });

  it('"Enter the TIME-WAIT state. Start the time-wait timer"', () => {
    const outcomes = arrive(tcb, { flags: 'FPA', payload: 'abc' });
    expect([...say(outcomes), delivered(outcomes)]).to.deep.equal(['TIME_WAIT < A 102:305', 'abc']);
    expect(outcomes[0].startsTimeWait).to.equal(true);
  });

  it('ignores an old ACK', () => {
    for (const ack of [102, 101]) expect(say(arrive(tcb, { flags: 'A', ack }))).to.deep.equal(['FIN_WAIT_2']);
  });
});

// ------------------------------------------------------- FIN_WAIT_1 and FIN_WAIT_2, closed and not only shut down

for (const state of ['FIN_WAIT_1', 'FIN_WAIT_2'] as const) {
  describe(`machine: ${state} after a half-duplex close (RFC 9293 §3.6.1, RFC 1122 §4.2.2.13)`, () => {
    const closed = at(state, { reading: false });

    it('"if new data is received after CLOSE is called, its TCP implementation SHOULD send a RST"', () => {
      const outcomes = arrive(closed, { flags: 'PA', payload: 'abc' });
      expect(say(outcomes)).to.deep.equal(['CLOSED < R 102', 'TIME_WAIT < R 102', 'FIN_WAIT_2 < A 102:304']);
      expect(outcomes[0].refs).to.deep.include({ rfc: 1122, section: '4.2.2.13' });
      expect(outcomes.flatMap((each) => each.delivered)).to.deep.equal([]);
    });

    it('resets at SEG.ACK (§3.5.2) or at SND.NXT (§3.10.5)', () => {
      const resets = say(arrive(closed, { flags: 'PA', ack: 101, payload: 'abc' }));
      expect(resets.slice(0, 2)).to.deep.equal(['CLOSED < R 101', 'CLOSED < R 102']);
    });

    it('does so for text beyond a gap, but not for text that is not new', () => {
      expect(first(arrive(closed, { flags: 'PA', seq: 302, payload: 'abc' }))).to.equal('CLOSED < R 102');
      expect(first(arrive(closed, { flags: 'PA', seq: 300, payload: 'a' }))).to.equal(`${state} < A 102:301`);
    });

    it('closes in order on a FIN without text', () => {
      expect(first(arrive(closed, { flags: 'FA' }))).to.equal('TIME_WAIT < A 102:302');
    });
  });
}

// -------------------------------------------------------------------------------------- CLOSE_WAIT and beyond

const AFTER_FIN = [
  { state: 'CLOSE_WAIT', next: 'CLOSE_WAIT', nxt: 101 },
  { state: 'CLOSING', next: 'TIME_WAIT', nxt: 102 },
  { state: 'LAST_ACK', next: 'CLOSED', nxt: 102 },
  { state: 'TIME_WAIT', next: 'TIME_WAIT', nxt: 102 },
] as const;

for (const { state, next, nxt } of AFTER_FIN) {
  describe(`machine: ${state}, after the peer's FIN (RFC 9293 §3.10.7.4)`, () => {
    const tcb = at(state);

    it('"Ignore the segment text", and the URG', () => {
      for (const number of [302, 303]) {
        const outcomes = arrive(tcb, { flags: 'PUA', seq: number, urgent: 3, payload: 'abc' });
        expect(first(outcomes)).to.equal(next);
        for (const { delivered: pieces, signals, tcb: after } of outcomes) {
          expect([pieces, signals, after?.rcv.nxt ?? 302, after?.held ?? []]).to.deep.equal([
            [],
            [],
            302,
            [],
          ]);
        }
      }
    });

    it('answers the FIN again, left of the window, with an ACK', () => {
      expect(first(arrive(tcb, { flags: 'FA', seq: 301 }))).to.equal(`${state} < A ${nxt}:302`);
    });

    it('acknowledges a second FIN, passed or not, and remains', () => {
      if (next === 'CLOSED') return;
      const lines = say(arrive(tcb, { flags: 'FA' }));
      expect(lines).to.deep.equal([`${next} < A ${nxt}:303`, `${next} < A ${nxt}:302`]);
    });
  });
}

describe('machine: CLOSE_WAIT', () => {
  it('"Do the same processing as for the ESTABLISHED state" with the ACK', () => {
    const sent = at('CLOSE_WAIT', { queue: text('hello'), snd: { una: seq(101), nxt: seq(106) } });
    expect(arrive(sent, { flags: 'A', ack: 103, window: 50 })[0].tcb?.snd).to.deep.include({
      una: 103,
      wnd: 50,
    });
  });

  it('sends the FIN of a CLOSE that waited for window, and only then enters LAST_ACK (§3.10.4)', () => {
    const [{ tcb: full }] = happen(at('CLOSE_WAIT', { snd: { wnd: 2 } }), {
      type: 'send',
      text: text('abc'),
    });
    const closing = happen(full, { type: 'shutdown' });
    expect(say(closing)).to.deep.equal(['CLOSE_WAIT']);
    expect(say(arrive(closing[0].tcb, { flags: 'A', window: 9 }))).to.deep.equal([
      'LAST_ACK < PA 103:302 +1, FA 104:302',
    ]);
  });
});

// --------------------------------------------------------------------------------------- CLOSING and LAST_ACK

describe('machine: CLOSING', () => {
  it('"if the ACK acknowledges our FIN, then enter the TIME-WAIT state; otherwise, ignore the segment"', () => {
    const outcomes = arrive(at('CLOSING'), { flags: 'A' });
    expect([say(outcomes), outcomes[0].startsTimeWait]).to.deep.equal([['TIME_WAIT'], true]);
    for (const flags of ['A', 'FA', 'PA']) {
      expect(say(arrive(at('CLOSING'), { flags, ack: 101, payload: 'a' })), flags).to.deep.equal(['CLOSING']);
    }
  });
});

describe('machine: LAST_ACK', () => {
  it('"If our FIN is now acknowledged, delete the TCB, enter the CLOSED state, and return."', () => {
    for (const flags of ['A', 'FA', 'PA'])
      expect(say(arrive(at('LAST_ACK'), { flags }))).to.deep.equal(['CLOSED']);
    expect(say(arrive(at('LAST_ACK'), { flags: 'A', ack: 101 }))).to.deep.equal(['LAST_ACK']);
  });

  it('may use the ACK of a segment beyond RCV.NXT, or hold it', () => {
    expect(say(arrive(at('LAST_ACK'), { flags: 'A', seq: 303 }))).to.deep.equal(['CLOSED', 'LAST_ACK']);
  });
});
