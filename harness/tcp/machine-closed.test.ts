import { expect } from 'chai';
import { arrive, first, happen, say, text } from './machine-builders.test.ts';
import { seq } from './seq.ts';

// ---------------------------------------------------------------------------------------------------- CLOSED

describe('machine: CLOSED, a segment arrives (RFC 9293 §3.10.7.1)', () => {
  it('"An incoming segment containing a RST is discarded."', () => {
    expect(say(arrive(null, { flags: 'R', seq: 7 }))).to.deep.equal(['CLOSED']);
    expect(say(arrive(null, { flags: 'RA', seq: 7, ack: 9 }))).to.deep.equal(['CLOSED']);
  });

  it('"If the ACK bit is off, sequence number zero is used, <SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>"', () => {
    expect(say(arrive(null, { flags: 'S', seq: 7 }))).to.deep.equal(['CLOSED < RA 0:8']);
    expect(say(arrive(null, { flags: 'SF', seq: 7, payload: 'abc' }))).to.deep.equal(['CLOSED < RA 0:12']);
    expect(say(arrive(null, { flags: '', seq: 7, payload: 'abc' }))).to.deep.equal(['CLOSED < RA 0:10']);
    expect(say(arrive(null, { flags: 'F', seq: 0xffffffff }))).to.deep.equal(['CLOSED < RA 0:0']);
  });

  it('"If the ACK bit is on, <SEQ=SEG.ACK><CTL=RST>"', () => {
    for (const flags of ['A', 'SA', 'FA', 'PA', 'SFA']) {
      expect(say(arrive(null, { flags, seq: 7, ack: 9 })), flags).to.deep.equal(['CLOSED < R 9']);
    }
  });
});

describe('machine: CLOSED, user calls and timeouts', () => {
  it('"If passive, enter the LISTEN state and return." (§3.10.1)', () => {
    const [{ tcb, path, segments }] = happen(null, {
      type: 'open',
      passive: true,
      iss: seq(100),
      window: 1000,
    });
    expect(tcb).to.deep.include({ state: 'LISTEN', passive: true, iss: 100 });
    expect({ path, segments }).to.deep.equal({ path: ['LISTEN'], segments: [] });
  });

  it('"<SEQ=ISS><CTL=SYN> is sent. Set SND.UNA to ISS, SND.NXT to ISS+1, enter SYN-SENT state" (§3.10.1)', () => {
    const outcomes = happen(null, { type: 'open', passive: false, iss: seq(100), window: 1000 });
    expect(say(outcomes)).to.deep.equal(['SYN_SENT < S 100']);
    expect(outcomes[0].segments[0]?.window).to.equal(1000);
    expect(outcomes[0].tcb).to.deep.include({ passive: false });
    expect(outcomes[0].tcb?.snd).to.deep.include({ una: 100, nxt: 101 });
  });

  it('"error: connection does not exist" for every other call (§3.10.2 to §3.10.5)', () => {
    const calls = [
      [{ type: 'send', text: text('a') }, '3.10.2'],
      [{ type: 'receive', bytes: 1 }, '3.10.3'],
      [{ type: 'shutdown' }, '3.10.4'],
      [{ type: 'close' }, '3.10.4'],
      [{ type: 'abort' }, '3.10.5'],
    ] as const;
    for (const [call, section] of calls) {
      expect(happen(null, call), call.type).to.deep.equal([
        {
          tcb: null,
          path: [],
          segments: [],
          delivered: [],
          signals: [],
          error: 'connection does not exist',
          startsTimeWait: false,
          refs: [{ rfc: 9293, section }],
        },
      ]);
    }
  });

  it('has no timer that could run out', () => {
    expect(first(happen(null, { type: 'timeout', timer: 'user' }))).to.equal('CLOSED');
  });
});
