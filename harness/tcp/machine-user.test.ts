import { expect } from 'chai';
import { at, happen, say, text } from './machine-builders.test.ts';
import type { TcbState } from './machine-tcb.ts';
import { seq } from './seq.ts';

// ---------------------------------------------------------- user calls and timeouts in the synchronized states

const outcome = (...args: Parameters<typeof happen>) => happen(...args)[0];

describe('machine: OPEN (RFC 9293 §3.10.1)', () => {
  it('"error: connection already exists" in every state from SYN_SENT on', () => {
    for (const state of [
      'SYN_SENT',
      'SYN_RCVD',
      'ESTABLISHED',
      'FIN_WAIT_2',
      'CLOSE_WAIT',
      'TIME_WAIT',
    ] as const) {
      const { error, tcb } = outcome(at(state), { type: 'open', passive: false, iss: seq(1), window: 1 });
      expect([error, tcb], state).to.deep.equal(['connection already exists', at(state)]);
    }
  });
});

describe('machine: SEND (§3.10.2)', () => {
  const sends = (state: TcbState, letters: string, fields = {}) =>
    happen(at(state, fields), { type: 'send', text: text(letters) });

  it('"Segmentize the buffer and send it with a piggybacked acknowledgment"', () => {
    expect(say(sends('ESTABLISHED', 'abc'))).to.deep.equal(['ESTABLISHED < PA 101:301 +3']);
    expect(say(sends('CLOSE_WAIT', 'abc'))).to.deep.equal(['CLOSE_WAIT < PA 101:302 +3']);
    const [{ tcb }] = sends('ESTABLISHED', 'abc');
    expect([tcb?.snd.nxt, tcb?.snd.una, tcb?.queue]).to.deep.equal([104, 101, text('abc')]);
  });

  it('cuts text at the MSS, PSH on the last segment (MUST-61), and stops at SND.UNA+SND.WND', () => {
    expect(say(sends('ESTABLISHED', 'abcdefg', { snd: { mss: 3, wnd: 500 } }))).to.deep.equal([
      'ESTABLISHED < A 101:301 +3, A 104:301 +3, PA 107:301 +1',
    ]);
    expect(say(sends('ESTABLISHED', 'abcdefg', { snd: { mss: 3, wnd: 5 } }))).to.deep.equal([
      'ESTABLISHED < A 101:301 +3, A 104:301 +2',
    ]);
  });

  it('crosses the wrap of sequence numbers', () => {
    expect(say(sends('ESTABLISHED', 'abcd', { iss: seq(0xfffffffd), snd: { mss: 2 } }))).to.deep.equal([
      'ESTABLISHED < A -2:301 +2, PA 0:301 +2',
    ]);
  });

  it('"error: connection closing" after a CLOSE', () => {
    for (const state of ['FIN_WAIT_1', 'FIN_WAIT_2', 'CLOSING', 'LAST_ACK', 'TIME_WAIT'] as const) {
      expect(sends(state, 'abc')[0], state).to.deep.include({ error: 'connection closing', segments: [] });
    }
    expect(sends('CLOSE_WAIT', 'abc', { fin: 'queued', snd: { wnd: 0 } })[0].error).to.equal(
      'connection closing',
    );
  });
});

describe('machine: RECEIVE (§3.10.3)', () => {
  it('opens the window by what the user consumes, and tells it, at the latest where it was shut', () => {
    const some = at('ESTABLISHED', { unread: 1000, rcv: { wnd: 0 } });
    const outcomes = happen(some, { type: 'receive', bytes: 900 });
    expect(say(outcomes)).to.deep.equal(['ESTABLISHED < A 101:301']);
    expect(outcomes[0].segments[0]?.window).to.equal(900);
    expect(outcomes[0].tcb).to.deep.include({ unread: 100 });
    const half = at('ESTABLISHED', { unread: 600, rcv: { wnd: 400, buff: 1000 } });
    expect(say(happen(half, { type: 'receive', bytes: 600 }))).to.deep.equal([
      'ESTABLISHED < A 101:301',
      'ESTABLISHED',
    ]);
  });

  it('keeps "RCV.NXT+RCV.WND fixed until the reduction satisfies" min(RCV.BUFF/2, MSS) (§3.8.6.2.2)', () => {
    const shut = at('ESTABLISHED', { unread: 1000, rcv: { wnd: 0, buff: 1000 } });
    const [{ tcb, segments }] = happen(shut, { type: 'receive', bytes: 499 });
    expect([tcb?.rcv.wnd, tcb?.unread, segments]).to.deep.equal([0, 501, []]);
    expect(outcome(tcb, { type: 'receive', bytes: 1 }).tcb?.rcv.wnd).to.equal(500);
    const nearlyOpen = at('ESTABLISHED', { unread: 100, rcv: { wnd: 900 } });
    expect(outcome(nearlyOpen, { type: 'receive', bytes: 100 }).tcb?.rcv).to.deep.include({
      wnd: 900,
      buff: 1000,
    });
  });

  it('in CLOSE_WAIT "RECEIVEs must be satisfied by data already on hand"', () => {
    const some = at('CLOSE_WAIT', { unread: 3 });
    const [{ tcb, error, segments }] = happen(some, { type: 'receive', bytes: 9 });
    expect([tcb?.unread, error, segments]).to.deep.equal([0, null, []]);
    expect(outcome(tcb, { type: 'receive', bytes: 1 }).error).to.equal('connection closing');
  });

  it('"error: connection closing" in CLOSING, LAST_ACK and TIME_WAIT, and after a half-duplex close', () => {
    for (const state of ['CLOSING', 'LAST_ACK', 'TIME_WAIT'] as const) {
      expect(outcome(at(state), { type: 'receive', bytes: 1 }).error, state).to.equal('connection closing');
    }
    const closed = at('FIN_WAIT_2', { reading: false });
    expect(outcome(closed, { type: 'receive', bytes: 1 }).error).to.equal('connection closing');
    expect(outcome(at('FIN_WAIT_2'), { type: 'receive', bytes: 1 }).error).to.equal(null);
  });
});

for (const type of ['shutdown', 'close'] as const) {
  describe(`machine: CLOSE (§3.10.4), as ${type}`, () => {
    it('"form a FIN segment and send it. In any case, enter FIN-WAIT-1 state"', () => {
      expect(say(happen(at('ESTABLISHED'), { type }))).to.deep.equal(['FIN_WAIT_1 < FA 101:301']);
      expect(say(happen(at('ESTABLISHED', { snd: { wnd: 0 } }), { type }))).to.deep.equal(['FIN_WAIT_1']);
    });

    it('in CLOSE_WAIT: "then send a FIN segment, enter LAST-ACK state"', () => {
      expect(say(happen(at('CLOSE_WAIT'), { type }))).to.deep.equal(['LAST_ACK < FA 101:302']);
    });

    it('"error: connection closing" in CLOSING, LAST_ACK and TIME_WAIT', () => {
      for (const state of ['CLOSING', 'LAST_ACK', 'TIME_WAIT'] as const) {
        expect(outcome(at(state), { type }), state).to.deep.include({
          error: 'connection closing',
          segments: [],
        });
      }
    });

    it('"error: connection closing" too while the FIN of an earlier one waits, and after a reset that lingers', () => {
      const waiting = at('CLOSE_WAIT', { fin: 'queued', reading: false, snd: { wnd: 0 } });
      expect(outcome(waiting, { type }).error).to.equal('connection closing');
      expect(outcome(at('TIME_WAIT', { fin: 'none' }), { type }).error).to.equal('connection closing');
    });

    it('a second FIN is not emitted', () => {
      for (const state of ['FIN_WAIT_1', 'FIN_WAIT_2'] as const) {
        expect(say(happen(at(state), { type })), state).to.deep.equal([state]);
      }
    });
  });
}

describe('machine: half-duplex close (§3.6.1, RFC 1122 §4.2.2.13)', () => {
  const unread = at('ESTABLISHED', { unread: 3 });

  it('"a CLOSE call while received data is still pending [...] SHOULD send a RST to show that data was lost"', () => {
    const outcomes = happen(unread, { type: 'close' });
    expect(say(outcomes)).to.deep.equal(['CLOSED < R 101', 'TIME_WAIT < R 101', 'FIN_WAIT_1 < FA 101:301']);
    expect(outcomes[0].refs).to.deep.include({ rfc: 1122, section: '4.2.2.13' });
    expect(say(happen(at('CLOSE_WAIT', { unread: 3 }), { type: 'close' }))[0]).to.equal('CLOSED < R 101');
    expect(say(happen(at('FIN_WAIT_2', { unread: 3 }), { type: 'close' }))[0]).to.equal('CLOSED < R 102');
  });

  it('is not what shutdown does, nor close with the option off', () => {
    expect(say(happen(unread, { type: 'shutdown' }))).to.deep.equal(['FIN_WAIT_1 < FA 101:301']);
    const simplex = { rfc1122HalfDuplexClose: false };
    expect(say(happen(unread, { type: 'close' }, simplex))).to.deep.equal(['FIN_WAIT_1 < FA 101:301']);
    expect(outcome(unread, { type: 'close' }, simplex).tcb?.reading).to.equal(true);
  });

  it('ends the reading after a shutdown, with "ok"', () => {
    const { tcb, error } = outcome(at('FIN_WAIT_2'), { type: 'close' });
    expect([tcb?.state, tcb?.reading, error]).to.deep.equal(['FIN_WAIT_2', false, null]);
    expect(outcome(tcb, { type: 'close' }).error).to.equal('connection closing');
  });
});

describe('machine: ABORT (§3.10.5)', () => {
  it('"Send a reset segment: <SEQ=SND.NXT><CTL=RST>", delete the TCB; or TIME_WAIT by §3.5.2', () => {
    for (const state of ['ESTABLISHED', 'FIN_WAIT_1', 'FIN_WAIT_2', 'CLOSE_WAIT'] as const) {
      const reset = `R ${at(state).snd.nxt}`;
      const lines = [`CLOSED < ${reset}`, `TIME_WAIT < ${reset}`];
      expect(say(happen(at(state), { type: 'abort' })), state).to.deep.equal(lines);
    }
  });

  it('"Respond with \'ok\' and delete the TCB" in CLOSING, LAST_ACK and TIME_WAIT, without a segment', () => {
    for (const state of ['CLOSING', 'LAST_ACK', 'TIME_WAIT'] as const) {
      expect(say(happen(at(state), { type: 'abort' })), state).to.deep.equal(['CLOSED']);
    }
  });
});

describe('machine: timeouts (§3.10.8)', () => {
  const retransmit = { type: 'timeout', timer: 'retransmission' } as const;

  it('"send the segment at the front of the retransmission queue again"', () => {
    const sent = at('ESTABLISHED', { queue: text('hello'), snd: { una: seq(101), nxt: seq(106), mss: 3 } });
    expect(say(happen(sent, retransmit))).to.deep.equal(['ESTABLISHED < A 101:301 +3']);
    const closed = at('FIN_WAIT_1', { queue: text('ab'), snd: { una: seq(101), nxt: seq(104) } });
    expect(say(happen(closed, retransmit))).to.deep.equal(['FIN_WAIT_1 < PA 101:301 +2']);
    for (const state of ['FIN_WAIT_1', 'CLOSING', 'LAST_ACK'] as const) {
      expect(say(happen(at(state), retransmit)), state).to.deep.equal([
        `${state} < FA 101:${at(state).rcv.nxt}`,
      ]);
    }
  });

  it('sends nothing where all is acknowledged', () => {
    for (const state of ['ESTABLISHED', 'FIN_WAIT_2', 'CLOSE_WAIT', 'TIME_WAIT'] as const) {
      expect(say(happen(at(state), retransmit)), state).to.deep.equal([state]);
    }
  });

  it('"For any state if the user timeout expires" the user is told and the TCB deleted', () => {
    for (const state of [
      'ESTABLISHED',
      'FIN_WAIT_1',
      'FIN_WAIT_2',
      'CLOSE_WAIT',
      'CLOSING',
      'LAST_ACK',
    ] as const) {
      const { tcb, signals, segments } = outcome(at(state), { type: 'timeout', timer: 'user' });
      expect([tcb, signals, segments], state).to.deep.equal([null, ['timeout'], []]);
    }
  });
});
