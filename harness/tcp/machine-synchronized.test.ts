import { expect } from 'chai';
import { arrive, at, first, say } from './machine-builders.test.ts';
import type { TcbState } from './machine-tcb.ts';
import { seq } from './seq.ts';

// --------------------------------------------------------------- steps 1, 2, 4 and 5 in every state of §3.10.7.4

const SYNCHRONIZED: readonly TcbState[] = [
  'ESTABLISHED',
  'FIN_WAIT_1',
  'FIN_WAIT_2',
  'CLOSE_WAIT',
  'CLOSING',
  'LAST_ACK',
  'TIME_WAIT',
];

for (const state of SYNCHRONIZED) {
  const tcb = at(state);
  const left = tcb.rcv.nxt;
  const right = left + 1000 - 1;
  const ack = `A ${tcb.snd.nxt}:${left}`;

  describe(`machine: ${state}, first, check sequence number (RFC 9293 §3.10.7.4)`, () => {
    it('"If an incoming segment is not acceptable, an acknowledgment should be sent in reply"', () => {
      for (const number of [left - 1, right + 1, left + 0x7fffffff, left - 0x7fffffff]) {
        for (const flags of ['A', 'S', 'SA', '', 'FPU']) {
          const outcomes = arrive(tcb, { flags, seq: number }, { rfc1122Reopen: false });
          const lines = new Set(say(outcomes));
          expect([...lines], `${flags} ${number}`).to.deep.equal([`${state} < ${ack}`]);
        }
      }
    });

    it('"(unless the RST bit is set, if so drop the segment and return)"', () => {
      for (const number of [left - 1, right + 1]) {
        for (const flags of ['R', 'RA', 'SR']) {
          expect(say(arrive(tcb, { flags, seq: number })), `${flags} ${number}`).to.deep.equal([state]);
        }
      }
    });
  });

  describe(`machine: ${state}, second, check the RST bit`, () => {
    const ended = ['CLOSED'];

    it('"If the RST bit is set and the sequence number exactly matches" RCV.NXT, the connection is reset', () => {
      for (const flags of ['R', 'RA', 'SR', 'FR']) expect(say(arrive(tcb, { flags }))).to.deep.equal(ended);
    });

    it('"TCP endpoints MUST send an acknowledgment (challenge ACK)" for a RST elsewhere in the window', () => {
      for (const number of [left + 1, right]) {
        const outcomes = arrive(tcb, { flags: 'R', seq: number });
        expect(say(outcomes)).to.deep.equal([`${state} < ${ack}`]);
        expect(outcomes[0].refs).to.deep.include({ rfc: 5961, section: '3.2' });
      }
    });

    it('without RFC 5961: "A reset is valid if its sequence number is in the window." (§3.5.3)', () => {
      for (const number of [left, left + 1, right]) {
        expect(say(arrive(tcb, { flags: 'R', seq: number }, { rfc5961Reset: false }))).to.deep.equal(ended);
      }
      for (const number of [left - 1, right + 1]) {
        const straddling = { flags: 'R', seq: number, payload: 'abc' };
        expect(say(arrive(tcb, straddling, { rfc5961Reset: false }))).to.deep.equal([state]);
      }
    });

    it('takes no RST whose text alone is in the window', () => {
      expect(say(arrive(tcb, { flags: 'R', seq: left - 1, payload: 'abc' }))).to.deep.equal([state]);
    });

    it('processes a RST "even when the receive window is zero (MUST-66)", also with text on it (SHLD-2)', () => {
      const shut = at(state, { rcv: { wnd: 0 } });
      expect(say(arrive(shut, { flags: 'R' }))).to.deep.equal(ended);
      expect(say(arrive(shut, { flags: 'R', payload: 'abc' }))).to.deep.equal(ended);
      expect(say(arrive(shut, { flags: 'R', seq: left + 1 }))).to.deep.equal([state]);
    });

    it('tells the user "connection reset" where it may still wait for something', () => {
      const told = ['ESTABLISHED', 'FIN_WAIT_1', 'FIN_WAIT_2', 'CLOSE_WAIT'].includes(state);
      expect(arrive(tcb, { flags: 'R' })[0].signals).to.deep.equal(told ? ['reset'] : []);
    });
  });

  describe(`machine: ${state}, fourth, check the SYN bit`, () => {
    it('"irrespective of the sequence number, TCP endpoints MUST send a \'challenge ACK\' to the remote peer"', () => {
      for (const number of [left, left + 1, right]) {
        for (const flags of ['S', 'SA', 'SF', 'SFA']) {
          const outcomes = arrive(tcb, { flags, seq: number }, { rfc1122Reopen: false });
          expect(say(outcomes), `${flags} ${number}`).to.deep.equal([`${state} < ${ack}`]);
          expect(outcomes[0].refs).to.deep.include({ rfc: 5961, section: '4.2' });
        }
      }
      expect(first(arrive(tcb, { flags: 'SA', seq: left - 1, payload: 'abc' }))).to.equal(
        `${state} < ${ack}`,
      );
    });

    it('without RFC 5961: "If the SYN is in the window it is an error: send a reset", and the connection ends', () => {
      const outcomes = arrive(tcb, { flags: 'SA', ack: 777 }, { rfc5961Syn: false });
      expect(say(outcomes).slice(0, 2)).to.deep.equal(['CLOSED < R 777', `CLOSED < R ${tcb.snd.nxt}`]);
      expect(outcomes[0].signals).to.deep.equal(['reset']);
      const bare = arrive(tcb, { flags: 'S' }, { rfc5961Syn: false, rfc1122Reopen: false });
      expect(first(bare)).to.equal(`CLOSED < RA 0:${left + 1}`);
    });

    it('"The side of a connection issuing a reset should enter the TIME-WAIT state": that is allowed too (§3.5.2)', () => {
      const states = say(arrive(tcb, { flags: 'SA' }, { rfc5961Syn: false })).map(
        (line) => line.split(' ')[0],
      );
      expect(states).to.deep.equal(state === 'TIME_WAIT' ? ['CLOSED'] : ['CLOSED', 'TIME_WAIT']);
    });
  });

  describe(`machine: ${state}, fifth, check the ACK field`, () => {
    it('"if the ACK bit is off, drop the segment and return"', () => {
      for (const flags of ['', 'F', 'P', 'FPU']) {
        const outcomes = arrive(tcb, { flags, payload: 'abc' });
        expect(say(outcomes), flags).to.deep.equal([state]);
        expect(outcomes[0].delivered).to.deep.equal([]);
      }
    });

    it('"If the ACK acks something not yet sent (SEG.ACK > SND.NXT), then send an ACK, drop the segment, and return."', () => {
      for (const rfc5961Ack of [true, false]) {
        const outcomes = arrive(tcb, { flags: 'FA', ack: tcb.snd.nxt + 1, payload: 'abc' }, { rfc5961Ack });
        expect(say(outcomes)).to.deep.equal([`${state} < ${ack}`]);
      }
    });

    it('"acceptable only if it is in the range of ((SND.UNA - MAX.SND.WND) =< SEG.ACK =< SND.NXT)"', () => {
      const oldest = tcb.snd.una - 500;
      const tooOld = arrive(tcb, { flags: 'PA', ack: oldest - 1, payload: 'abc' });
      expect(say(tooOld)).to.deep.equal([`${state} < ${ack}`]);
      expect(tooOld[0].refs).to.deep.include({ rfc: 5961, section: '5.2' });
      expect(tooOld[0].delivered).to.deep.equal([]);
      const inRange = arrive(tcb, { flags: 'A', ack: oldest });
      expect(first(inRange)).to.equal(state);
      expect(inRange[0].refs).not.to.deep.include({ rfc: 5961, section: '5.2' });
    });

    it('without RFC 5961: "If the ACK is a duplicate (SEG.ACK =< SND.UNA), it can be ignored."', () => {
      for (const old of [tcb.snd.una - 200_000, tcb.snd.una - 1]) {
        expect(first(arrive(tcb, { flags: 'A', ack: old }, { rfc5961Ack: false }))).to.equal(state);
      }
    });
  });

  describe(`machine: ${state}, where sequence numbers wrap`, () => {
    it('knows the edges of a window that the wrap divides', () => {
      const wrapped = at(state, { iss: seq(0xffffffff), irs: seq(0xffffff00) });
      const { nxt } = wrapped.rcv;
      expect(say(arrive(wrapped, { flags: 'R', seq: nxt + 999 }))).to.have.lengthOf(1);
      expect(first(arrive(wrapped, { flags: 'R', seq: nxt + 999 }))).to.match(new RegExp(`^${state} < A `));
      expect(say(arrive(wrapped, { flags: 'R', seq: nxt + 1000 }))).to.deep.equal([state]);
      expect(say(arrive(wrapped, { flags: 'R', seq: nxt - 1 }))).to.deep.equal([state]);
    });
  });
}

describe('machine: first, check sequence number, table 6', () => {
  const shut = at('ESTABLISHED', { rcv: { wnd: 0 } });
  const open = at('ESTABLISHED');

  it('length 0, window 0: SEG.SEQ = RCV.NXT', () => {
    expect(say(arrive(shut, { flags: 'A' }))).to.deep.equal(['ESTABLISHED']);
    expect(say(arrive(shut, { flags: 'A', seq: 302 }))).to.deep.equal(['ESTABLISHED < A 101:301']);
    expect(say(arrive(shut, { flags: 'A', seq: 300 }))).to.deep.equal(['ESTABLISHED < A 101:301']);
  });

  it('length 0, window > 0: RCV.NXT =< SEG.SEQ < RCV.NXT+RCV.WND', () => {
    expect(first(arrive(open, { flags: 'A', seq: 300 }))).to.equal('ESTABLISHED < A 101:301');
    expect(say(arrive(open, { flags: 'A', seq: 1300 }))).to.include('ESTABLISHED');
    expect(say(arrive(open, { flags: 'A', seq: 1301 }))).to.deep.equal(['ESTABLISHED < A 101:301']);
  });

  it('length > 0, window 0: not acceptable, and nothing is delivered', () => {
    for (const flags of ['PA', 'FA']) {
      const outcomes = arrive(shut, { flags, payload: 'abc' });
      expect(new Set(say(outcomes))).to.deep.equal(new Set(['ESTABLISHED < A 101:301']));
      expect(outcomes.flatMap((each) => each.delivered)).to.deep.equal([]);
    }
  });

  it('"special allowance should be made to accept valid ACKs": the ACK on text that finds no room may be used', () => {
    const waiting = at('FIN_WAIT_1', { rcv: { wnd: 0 } });
    const outcomes = arrive(waiting, { flags: 'PA', payload: 'abc' });
    expect(say(outcomes)).to.deep.equal(['FIN_WAIT_2 < A 102:301', 'FIN_WAIT_1 < A 102:301']);
  });

  it('length > 0, window > 0: either end in the window is enough', () => {
    expect(first(arrive(open, { flags: 'PA', seq: 298, payload: 'abcd' }))).to.equal(
      'ESTABLISHED < A 101:302',
    );
    expect(say(arrive(open, { flags: 'PA', seq: 298, payload: 'abc' }))).to.deep.equal([
      'ESTABLISHED < A 101:301',
    ]);
    expect(say(arrive(open, { flags: 'PA', seq: 1300, payload: 'abc' }))).to.include(
      'ESTABLISHED < A 101:301',
    );
    expect(say(arrive(open, { flags: 'PA', seq: 1301, payload: 'abc' }))).to.deep.equal([
      'ESTABLISHED < A 101:301',
    ]);
  });
});
