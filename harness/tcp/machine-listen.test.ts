import { expect } from 'chai';
import { arrive, at, first, happen, say, text } from './machine-builders.test.ts';
import { seq } from './seq.ts';

// ---------------------------------------------------------------------------------------------------- LISTEN

describe('machine: LISTEN, a segment arrives (RFC 9293 §3.10.7.2)', () => {
  it('"An incoming RST should be ignored."', () => {
    for (const flags of ['R', 'RA', 'SR'])
      expect(say(arrive(at('LISTEN'), { flags })), flags).to.deep.equal(['LISTEN']);
  });

  it('"Any acknowledgment is bad if it arrives on a connection still in the LISTEN state": <SEQ=SEG.ACK><CTL=RST>', () => {
    for (const flags of ['A', 'SA', 'FA', 'PA', 'SFA']) {
      expect(say(arrive(at('LISTEN'), { flags, ack: 9 })), flags).to.deep.equal(['LISTEN < R 9']);
    }
  });

  it('answers a SYN with <SEQ=ISS><ACK=RCV.NXT><CTL=SYN,ACK> and enters SYN_RCVD', () => {
    const outcomes = arrive(at('LISTEN'), { flags: 'S', seq: 300, window: 700 });
    expect(say(outcomes)).to.deep.equal(['SYN_RCVD < SA 100:301']);
    const [{ tcb, refs }] = outcomes;
    expect(tcb).to.deep.include({ passive: true, irs: 300 });
    expect(tcb?.snd).to.deep.include({ una: 100, nxt: 101, wnd: 700, maxWnd: 700 });
    expect(refs).to.deep.equal([{ rfc: 9293, section: '3.10.7.2' }]);
  });

  it('takes the send MSS from the SYN, and 536 without one (§3.7.1 MUST-15)', () => {
    const options = [{ kind: 'mss', bytes: 1460 }] as const;
    expect(arrive(at('LISTEN'), { flags: 'S', options })[0].tcb?.snd.mss).to.equal(1460);
    expect(arrive(at('LISTEN'), { flags: 'S' })[0].tcb?.snd.mss).to.equal(536);
  });

  it('"any other control or text should be queued for processing later": or it is left for the peer to repeat', () => {
    const outcomes = arrive(at('LISTEN'), { flags: 'SF', seq: 300, payload: 'abc' });
    expect(say(outcomes)).to.deep.equal(['SYN_RCVD < SA 100:301', 'SYN_RCVD < SA 100:301']);
    expect(outcomes.map(({ tcb }) => tcb?.held.length)).to.deep.equal([1, 0]);
    expect(outcomes.flatMap(({ delivered }) => delivered)).to.deep.equal([]);
    for (const fields of [{ flags: 'S', payload: 'abc' }, { flags: 'SF' }]) {
      expect(arrive(at('LISTEN'), fields)[0].tcb?.held.length).to.equal(1);
    }
  });

  it('"Fourth, other data or control: This should not be reached. Drop the segment and return."', () => {
    for (const flags of ['', 'F', 'FPU']) {
      expect(say(arrive(at('LISTEN'), { flags, payload: 'abc' })), flags).to.deep.equal(['LISTEN']);
    }
  });

  it('takes a SYN at the end of the sequence space: RCV.NXT is 0', () => {
    expect(say(arrive(at('LISTEN'), { flags: 'S', seq: 0xffffffff }))).to.deep.equal(['SYN_RCVD < SA 100:0']);
  });
});

describe('machine: LISTEN, user calls and timeouts', () => {
  it('"change the connection from passive to active" on an active OPEN or a SEND (§3.10.1, §3.10.2)', () => {
    const opened = happen(at('LISTEN'), { type: 'open', passive: false, iss: seq(900), window: 1 });
    expect(say(opened)).to.deep.equal(['SYN_SENT < S 900']);
    const sent = happen(at('LISTEN'), { type: 'send', text: text('abc') });
    expect(say(sent)).to.deep.equal(['SYN_SENT < S 100']);
    expect(sent[0].tcb).to.deep.include({ passive: false, queue: text('abc') });
  });

  it('"connection already exists" for a second passive OPEN', () => {
    const [{ error, tcb }] = happen(at('LISTEN'), { type: 'open', passive: true, iss: seq(1), window: 1 });
    expect({ error, state: tcb?.state }).to.deep.equal({
      error: 'connection already exists',
      state: 'LISTEN',
    });
  });

  it('"Delete TCB, enter CLOSED state, and return" on CLOSE and ABORT, without a segment (§3.10.4, §3.10.5)', () => {
    for (const type of ['shutdown', 'close', 'abort'] as const) {
      expect(say(happen(at('LISTEN'), { type })), type).to.deep.equal(['CLOSED']);
    }
  });

  it('queues a RECEIVE (§3.10.3)', () => {
    expect(happen(at('LISTEN'), { type: 'receive', bytes: 1 })[0]).to.deep.include({
      error: null,
      segments: [],
    });
  });

  it('ends by the user timeout alone (§3.10.8)', () => {
    expect(first(happen(at('LISTEN'), { type: 'timeout', timer: 'retransmission' }))).to.equal('LISTEN');
    expect(first(happen(at('LISTEN'), { type: 'timeout', timer: 'user' }))).to.equal('CLOSED');
  });
});
