import { expect } from 'chai';
import { arrive, at, delivered, first, happen, say, text } from './machine-builders.test.ts';
import { seq } from './seq.ts';

// -------------------------------------------------------------------------------------------------- SYN_SENT

describe('machine: SYN_SENT, a segment arrives (RFC 9293 §3.10.7.3)', () => {
  it('"If SEG.ACK =< ISS or SEG.ACK > SND.NXT, send a reset": <SEQ=SEG.ACK><CTL=RST>, and it stays', () => {
    for (const ack of [-199_900, 99, 100, 102]) {
      for (const flags of ['A', 'SA', 'FA', 'PA', 'SFA']) {
        expect(say(arrive(at('SYN_SENT'), { flags, ack })), `${flags} ${ack}`).to.deep.equal([
          `SYN_SENT < R ${ack}`,
        ]);
      }
    }
  });

  it('"(unless the RST bit is set, if so drop the segment and return)"', () => {
    for (const ack of [100, 102])
      expect(say(arrive(at('SYN_SENT'), { flags: 'RA', ack }))).to.deep.equal(['SYN_SENT']);
  });

  it('"If the ACK was acceptable, then signal to the user \'error: connection reset\'", wherever SEG.SEQ is', () => {
    for (const number of [0, 300, 0xffffffff]) {
      for (const flags of ['RA', 'SRA']) {
        const outcomes = arrive(at('SYN_SENT'), { flags, seq: number });
        expect(say(outcomes), flags).to.deep.equal(['CLOSED']);
        expect(outcomes[0].signals).to.deep.equal(['reset']);
      }
    }
  });

  it('"Otherwise (no ACK), drop the segment and return."', () => {
    for (const flags of ['R', 'SR'])
      expect(say(arrive(at('SYN_SENT'), { flags }))).to.deep.equal(['SYN_SENT']);
  });

  it('"If SND.UNA > ISS (our SYN has been ACKed), change the connection state to ESTABLISHED, form an ACK segment"', () => {
    const outcomes = arrive(at('SYN_SENT'), { flags: 'SA', seq: 300, window: 700 });
    expect(say(outcomes)).to.deep.equal(['ESTABLISHED < A 101:301']);
    expect(outcomes[0].signals).to.deep.equal(['established']);
    expect(outcomes[0].tcb?.snd).to.deep.include({ una: 101, nxt: 101, wnd: 700 });
    expect(outcomes[0].tcb).to.deep.include({ passive: false, synAcked: true });
  });

  it('"continue processing at the sixth step" with text on the SYN,ACK: one ACK for both, or one each', () => {
    const outcomes = arrive(at('SYN_SENT'), { flags: 'SA', seq: 300, payload: 'abc' });
    expect(say(outcomes)).to.deep.equal(['ESTABLISHED < A 101:304', 'ESTABLISHED < A 101:301, A 101:304']);
    expect(delivered(outcomes)).to.equal('abc');
  });

  it('goes on to CLOSE_WAIT with a FIN on the SYN,ACK', () => {
    const outcomes = arrive(at('SYN_SENT'), { flags: 'SFA', seq: 300 });
    expect(say(outcomes)).to.deep.equal(['CLOSE_WAIT < A 101:302', 'CLOSE_WAIT < A 101:301, A 101:302']);
    expect(outcomes[0].path).to.deep.equal(['ESTABLISHED', 'CLOSE_WAIT']);
  });

  it('"Data or controls that were queued for transmission MAY be included" in the ACK', () => {
    const outcomes = arrive(at('SYN_SENT', { queue: text('hello') }), { flags: 'SA', seq: 300 });
    expect(say(outcomes)).to.deep.equal([
      'ESTABLISHED < PA 101:301 +5',
      'ESTABLISHED < A 101:301, PA 101:301 +5',
    ]);
  });

  it('"Otherwise, enter SYN-RECEIVED, form a SYN,ACK segment <SEQ=ISS><ACK=RCV.NXT><CTL=SYN,ACK>": simultaneous open', () => {
    const outcomes = arrive(at('SYN_SENT'), { flags: 'S', seq: 300 });
    expect(say(outcomes)).to.deep.equal(['SYN_RCVD < SA 100:301']);
    expect(outcomes[0].tcb).to.deep.include({ passive: false, synAcked: false });
  });

  it('"If there are other controls or text in the segment, queue them" on a SYN alone', () => {
    const [{ tcb, delivered: early }, ...others] = arrive(at('SYN_SENT'), {
      flags: 'SF',
      seq: 300,
      payload: 'abc',
    });
    expect(tcb?.held.map(({ payload }) => payload)).to.deep.equal([text('abc')]);
    expect([early, others]).to.deep.equal([[], []]);
  });

  it('"Fifth, if neither of the SYN or RST bits is set, then drop the segment and return."', () => {
    for (const flags of ['', 'F', 'FPU', 'A', 'FA', 'PA']) {
      expect(say(arrive(at('SYN_SENT'), { flags, payload: 'abc' })), flags).to.deep.equal(['SYN_SENT']);
    }
  });

  it('knows an acceptable ACK across the wrap: ISS 2^32-1, SEG.ACK 0', () => {
    const wrapped = at('SYN_SENT', { iss: seq(0xffffffff) });
    expect(first(arrive(wrapped, { flags: 'SA', ack: 0 }))).to.equal('ESTABLISHED < A 0:301');
    expect(first(arrive(wrapped, { flags: 'SA', ack: 0xffffffff }))).to.equal('SYN_SENT < R -1');
    expect(first(arrive(wrapped, { flags: 'SA', ack: 1 }))).to.equal('SYN_SENT < R 1');
  });
});

describe('machine: SYN_SENT, user calls and timeouts', () => {
  it('"Queue the data for transmission after entering ESTABLISHED state." (§3.10.2)', () => {
    const outcomes = happen(at('SYN_SENT', { queue: text('a') }), { type: 'send', text: text('bc') });
    expect(say(outcomes)).to.deep.equal(['SYN_SENT']);
    expect(outcomes[0].tcb?.queue).to.deep.equal(text('abc'));
  });

  it('"Delete the TCB" on CLOSE and ABORT, without a segment (§3.10.4, §3.10.5)', () => {
    for (const type of ['shutdown', 'close', 'abort'] as const) {
      expect(say(happen(at('SYN_SENT'), { type })), type).to.deep.equal(['CLOSED']);
    }
  });

  it('sends the SYN again by the retransmission timeout, and gives up by the user timeout (§3.10.8)', () => {
    expect(first(happen(at('SYN_SENT'), { type: 'timeout', timer: 'retransmission' }))).to.equal(
      'SYN_SENT < S 100',
    );
    const [{ tcb, signals }] = happen(at('SYN_SENT'), { type: 'timeout', timer: 'user' });
    expect({ tcb, signals }).to.deep.equal({ tcb: null, signals: ['timeout'] });
  });
});
