import { expect } from 'chai';
import { arrive, at, first, happen, say } from './machine-builders.test.ts';
import { seq } from './seq.ts';

// ------------------------------------------------------------------------------------------------- TIME_WAIT

const tcb = at('TIME_WAIT');

describe('machine: TIME_WAIT, 2 MSL (RFC 9293 §3.10.7.4, §3.10.8)', () => {
  it('"a retransmission of the remote FIN. Acknowledge it, and restart the 2 MSL timeout"', () => {
    const outcomes = arrive(tcb, { flags: 'FA', seq: 301 });
    expect(say(outcomes)).to.deep.equal(['TIME_WAIT < A 102:302', 'TIME_WAIT < A 102:302']);
    // By the letter the sequence check has dropped it before the timer is thought of.
    expect(outcomes.map(({ startsTimeWait }) => startsTimeWait)).to.deep.equal([true, false]);
  });

  it('restarts for a FIN in the window: "Remain in the TIME-WAIT state. Restart the 2 MSL time-wait timeout."', () => {
    for (const { startsTimeWait } of arrive(tcb, { flags: 'FA' })) expect(startsTimeWait).to.equal(true);
  });

  it('does not restart for what is not acceptable, nor answers an ACK unless by the letter', () => {
    expect(arrive(tcb, { flags: 'PA', seq: 301, payload: 'a' })[0].startsTimeWait).to.equal(false);
    expect(say(arrive(tcb, { flags: 'A' }))).to.deep.equal(['TIME_WAIT', 'TIME_WAIT < A 102:302']);
  });

  it('"If the time-wait timeout expires on a connection, delete the TCB, enter the CLOSED state"', () => {
    expect(say(happen(tcb, { type: 'timeout', timer: 'time-wait' }))).to.deep.equal(['CLOSED']);
    expect(say(happen(at('FIN_WAIT_2'), { type: 'timeout', timer: 'time-wait' }))).to.deep.equal([
      'FIN_WAIT_2',
    ]);
  });
});

describe('machine: TIME_WAIT, RST', () => {
  it('"Ignore RST segments in TIME-WAIT state" with RFC 1337 §3 (F1)', () => {
    const outcomes = arrive(tcb, { flags: 'R' }, { rfc1337: true });
    expect(say(outcomes)).to.deep.equal(['TIME_WAIT']);
    expect(outcomes[0].refs).to.deep.include({ rfc: 1337, section: '3' });
  });

  it('ignores or challenges one elsewhere in the window then, since RFC 5961 §3.2 does not except TIME_WAIT', () => {
    const elsewhere = { flags: 'R', seq: 303 } as const;
    expect(say(arrive(tcb, elsewhere, { rfc1337: true }))).to.deep.equal([
      'TIME_WAIT',
      'TIME_WAIT < A 102:302',
    ]);
    expect(say(arrive(tcb, elsewhere, { rfc1337: true, rfc5961Reset: false }))).to.deep.equal(['TIME_WAIT']);
  });

  it('is not shielded in other states', () => {
    expect(say(arrive(at('CLOSING'), { flags: 'R' }, { rfc1337: true }))).to.deep.equal(['CLOSED']);
  });
});

describe('machine: TIME_WAIT, a new SYN (RFC 1122 §4.2.2.13, RFC 9293 §3.6.1)', () => {
  it('"MAY accept a new SYN [...] to reopen the connection directly from TIME-WAIT state"; else it challenges', () => {
    for (const number of [302, 303, 1301, 1302, 302 + 0x7fffffff]) {
      const outcomes = arrive(tcb, { flags: 'S', seq: number });
      const lines = [`SYN_RCVD < SA ${102 + 0x1_0000}:${(number + 1) | 0}`, 'TIME_WAIT < A 102:302'];
      expect(say(outcomes), `${number}`).to.deep.equal(lines);
      expect(outcomes[0].refs).to.deep.include({ rfc: 1122, section: '4.2.2.13' });
      expect(outcomes[0].tcb).to.deep.include({ passive: true, reopened: tcb });
    }
  });

  it('does not reopen for a number that the old connection has used, nor for a SYN,ACK', () => {
    for (const number of [301, 300, -698]) {
      expect(say(arrive(tcb, { flags: 'S', seq: number }))).to.deep.equal(['TIME_WAIT < A 102:302']);
    }
    expect(say(arrive(tcb, { flags: 'SA', seq: 302 }))).to.deep.equal(['TIME_WAIT < A 102:302']);
  });

  it('challenges every SYN with the option off, and in the window resets without RFC 5961', () => {
    expect(say(arrive(tcb, { flags: 'S' }, { rfc1122Reopen: false }))).to.deep.equal([
      'TIME_WAIT < A 102:302',
    ]);
    const old = { rfc1122Reopen: false, rfc5961Syn: false };
    expect(first(arrive(tcb, { flags: 'S' }, old))).to.equal('CLOSED < RA 0:303');
  });
});

describe('machine: TIME_WAIT, a new SYN with timestamps (RFC 6191 §2)', () => {
  const stamped = at('TIME_WAIT', { tsRecent: 500 });
  const syn = (number: number, timestamp?: number) => ({
    flags: 'S',
    seq: number,
    options: timestamp === undefined ? [] : [{ kind: 'timestamps', value: timestamp, echo: 0 } as const],
  });
  const rfc6191 = { rfc6191: true };
  const reopens = ['SYN_RCVD', 'TIME_WAIT'];
  const stays = ['TIME_WAIT < A 102:302', 'TIME_WAIT'];
  const told = (...args: Parameters<typeof arrive>) => say(arrive(...args)).map((line) => line.split(' ')[0]);

  it('honors "the timestamp contained in the incoming SYN segment is greater than the last timestamp seen"', () => {
    const outcomes = arrive(stamped, syn(200, 501), rfc6191);
    expect(first(outcomes)).to.equal(`SYN_RCVD < SA ${102 + 0x1_0000}:201`);
    expect(outcomes[0].refs).to.deep.include({ rfc: 6191, section: '2' });
    expect(outcomes[0].tcb).to.deep.include({ tsRecent: 501 });
  });

  it('compares an equal timestamp, or a SYN without one, by sequence number', () => {
    expect(told(stamped, syn(302, 500), rfc6191)).to.deep.equal(reopens);
    expect(told(stamped, syn(302), rfc6191)).to.deep.equal(reopens);
    expect(say(arrive(stamped, syn(301, 500), rfc6191))).to.deep.equal(stays);
    expect(say(arrive(stamped, syn(301), rfc6191))).to.deep.equal(stays);
  });

  it('"Otherwise, silently drop the incoming SYN segment"; RFC 9293 challenges it', () => {
    expect(say(arrive(stamped, syn(9999, 499), rfc6191))).to.deep.equal(stays);
  });

  it('honors any timestamp where the previous connection used none', () => {
    expect(told(tcb, syn(200, 1), rfc6191)).to.deep.equal(reopens);
    expect(say(arrive(tcb, syn(200), rfc6191))).to.deep.equal(stays);
    expect(told(tcb, syn(302), rfc6191)).to.deep.equal(reopens);
  });

  it('compares timestamps modulo 2^32', () => {
    const late = at('TIME_WAIT', { tsRecent: 0xffffffff });
    expect(told(late, syn(200, 1), rfc6191)).to.deep.equal(reopens);
  });

  it('looks at no timestamp with the option off', () => {
    expect(say(arrive(stamped, syn(200, 501)))).to.deep.equal(['TIME_WAIT < A 102:302']);
  });

  it('remembers the last timestamp of segments at the left edge (RFC 7323 §4.3)', () => {
    const options = (value: number) => [{ kind: 'timestamps', value, echo: 0 }] as const;
    const [{ tcb: open }] = arrive(at('LISTEN'), { flags: 'S', options: options(7) }, rfc6191);
    const recent = (fields: Parameters<typeof arrive>[1]) => arrive(open, fields, rfc6191)[0].tcb?.tsRecent;
    expect(open?.tsRecent).to.equal(7);
    expect(recent({ flags: 'A', options: options(9) })).to.equal(9);
    expect(recent({ flags: 'A', options: options(6) })).to.equal(7);
    expect(recent({ flags: 'A', seq: 302, options: options(9) })).to.equal(7);
    expect(recent({ flags: 'A' })).to.equal(7);
    const unused = arrive(at('ESTABLISHED', { iss: seq(1) }), { flags: 'A', options: options(9) }, rfc6191);
    expect(unused[0].tcb?.tsRecent).to.equal(null);
  });
});
