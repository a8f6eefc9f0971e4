import { expect } from 'chai';
import { arrive, at, delivered, first, happen, say, text } from './machine-builders.test.ts';
import { tcb as tcbOf } from './machine-tcb.ts';
import { segment } from './segment.ts';
import { seq } from './seq.ts';

// -------------------------------------------------------------------------------------------------- SYN_RCVD

const passive = at('SYN_RCVD');
const active = at('SYN_RCVD', { passive: false });

describe('machine: SYN_RCVD, a segment arrives (RFC 9293 §3.10.7.4)', () => {
  it('answers what is not acceptable with an ACK, the SYN again included, and drops a RST outside the window', () => {
    expect(say(arrive(passive, { flags: 'S', seq: 300 }))).to.deep.equal(['SYN_RCVD < A 101:301']);
    expect(say(arrive(passive, { flags: 'A', seq: 300 }))).to.deep.equal(['SYN_RCVD < A 101:301']);
    expect(say(arrive(passive, { flags: 'PA', seq: 1301, payload: 'a' }))).to.deep.equal([
      'SYN_RCVD < A 101:301',
    ]);
    expect(say(arrive(passive, { flags: 'R', seq: 300 }))).to.deep.equal(['SYN_RCVD']);
  });

  it('"If this connection was initiated with a passive OPEN [...] return this connection to LISTEN state" on RST', () => {
    const outcomes = arrive(passive, { flags: 'R' });
    expect(say(outcomes)).to.deep.equal(['LISTEN']);
    expect(outcomes[0].signals).to.deep.equal([]);
    expect(first(arrive(outcomes[0].tcb, { flags: 'S', seq: 777 }))).to.equal('SYN_RCVD < SA 100:778');
  });

  it('"the connection was refused; signal the user \'connection refused\'" after an active OPEN', () => {
    const outcomes = arrive(active, { flags: 'R' });
    expect(say(outcomes)).to.deep.equal(['CLOSED']);
    expect(outcomes[0].signals).to.deep.equal(['refused']);
  });

  it('challenges a RST elsewhere in the window (RFC 5961 §3.2)', () => {
    for (const tcb of [passive, active]) {
      expect(say(arrive(tcb, { flags: 'R', seq: 302 }))).to.deep.equal(['SYN_RCVD < A 101:301']);
    }
    expect(say(arrive(passive, { flags: 'R', seq: 302 }, { rfc5961Reset: false }))).to.deep.equal(['LISTEN']);
  });

  it('"If the connection was initiated with a passive OPEN, return this connection to the LISTEN state" on SYN', () => {
    for (const flags of ['S', 'SA', 'SF'])
      expect(say(arrive(passive, { flags })), flags).to.deep.equal(['LISTEN']);
  });

  it('"Otherwise, handle per the directions for synchronized states": a challenge ACK, or a reset without RFC 5961', () => {
    expect(say(arrive(active, { flags: 'S' }))).to.deep.equal(['SYN_RCVD < A 101:301']);
    expect(first(arrive(active, { flags: 'S' }, { rfc5961Syn: false }))).to.equal('CLOSED < RA 0:302');
  });

  it('"if the ACK bit is off, drop the segment and return"', () => {
    for (const flags of ['', 'F', 'FPU']) {
      expect(say(arrive(passive, { flags, payload: 'abc' }))).to.deep.equal(['SYN_RCVD']);
    }
  });

  it('"If SND.UNA < SEG.ACK =< SND.NXT, then enter ESTABLISHED state": SND.WND, SND.WL1 and SND.WL2 are set', () => {
    const outcomes = arrive(passive, { flags: 'A', window: 700 });
    expect(say(outcomes)).to.deep.equal(['ESTABLISHED']);
    const [{ tcb, signals }] = outcomes;
    expect(tcb?.snd).to.deep.include({ una: 101, wnd: 700, wl1: 301, wl2: 101, maxWnd: 700 });
    expect(signals).to.deep.equal(['established']);
  });

  it('"If the segment acknowledgment is not acceptable, form a reset segment <SEQ=SEG.ACK><CTL=RST>"', () => {
    for (const ack of [99, 100]) {
      for (const flags of ['A', 'PA', 'FA']) {
        expect(say(arrive(passive, { flags, ack })), `${flags} ${ack}`).to.deep.equal([
          `SYN_RCVD < R ${ack}`,
        ]);
      }
    }
  });

  it('allows a challenge ACK as well where the ACK is outside the range of RFC 5961 §5.2', () => {
    for (const ack of [102, 100 - 501]) {
      expect(say(arrive(passive, { flags: 'A', ack }))).to.deep.equal([
        `SYN_RCVD < R ${ack}`,
        'SYN_RCVD < A 101:301',
      ]);
      expect(say(arrive(passive, { flags: 'A', ack }, { rfc5961Ack: false }))).to.deep.equal([
        `SYN_RCVD < R ${ack}`,
      ]);
    }
  });

  it('goes on with text and FIN of the same segment', () => {
    const withText = arrive(passive, { flags: 'PA', payload: 'abc' });
    expect([...say(withText), delivered(withText)]).to.deep.equal(['ESTABLISHED < A 101:304', 'abc']);
    const withFin = arrive(passive, { flags: 'FA', payload: 'abc' });
    expect(say(withFin)).to.deep.equal(['CLOSE_WAIT < A 101:305']);
    expect(withFin[0].path).to.deep.equal(['ESTABLISHED', 'CLOSE_WAIT']);
  });

  it('then processes what was queued with the SYN (§3.10.7.2)', () => {
    const held = [segment({ flags: 'F', seq: seq(301), payload: text('abc') })];
    const outcomes = arrive(at('SYN_RCVD', { held }), { flags: 'A' });
    expect([...say(outcomes), delivered(outcomes)]).to.deep.equal(['CLOSE_WAIT < A 101:305', 'abc']);
  });

  it('may use the ACK of a segment beyond RCV.NXT, or hold it: "processing is done in SEG.SEQ order"', () => {
    expect(say(arrive(passive, { flags: 'A', seq: 302 }))).to.deep.equal([
      'ESTABLISHED < A 101:301',
      'ESTABLISHED',
      'SYN_RCVD',
    ]);
    const held = arrive(passive, { flags: 'PA', seq: 302, payload: 'b' }).map(({ tcb }) => [
      tcb?.state,
      tcb?.held.length,
    ]);
    expect(held.at(-1)).to.deep.equal(['SYN_RCVD', 1]);
  });

  it('figure 7: enters ESTABLISHED on the SYN,ACK of a simultaneous open; or by the ACK that answers it (A.2)', () => {
    const outcomes = arrive(active, { flags: 'SA', seq: 300 });
    expect(say(outcomes)).to.deep.equal(['SYN_RCVD < A 101:301', 'ESTABLISHED', 'ESTABLISHED < A 101:301']);
    expect(say(arrive(passive, { flags: 'SA', seq: 300 }))).to.deep.equal(['SYN_RCVD < A 101:301']);
  });

  it('returns to TIME_WAIT "if the SYN turns out to be an old duplicate" that had reopened it (§3.6.1)', () => {
    const reopened = at('TIME_WAIT', { iss: seq(900) });
    const outcomes = arrive(at('SYN_RCVD', { reopened }), { flags: 'R' });
    expect(outcomes[0].tcb).to.deep.equal(reopened);
    expect(outcomes[0]).to.deep.include({ path: ['TIME_WAIT'], startsTimeWait: true });
    expect(arrive(at('SYN_RCVD', { reopened }), { flags: 'A' })[0].tcb).to.deep.include({ reopened: null });
  });

  it('knows an acceptable ACK across the wrap: ISS 2^32-1, SEG.ACK 0', () => {
    const wrapped = tcbOf('SYN_RCVD', { iss: seq(0xffffffff), irs: seq(0xffffffff) });
    expect(first(arrive(wrapped, { flags: 'A', ack: 0 }))).to.equal('ESTABLISHED');
    expect(first(arrive(wrapped, { flags: 'A', ack: 0xffffffff }))).to.equal('SYN_RCVD < R -1');
  });
});

describe('machine: SYN_RCVD, user calls and timeouts', () => {
  it('"If no SENDs have been issued and there is no pending data to send, then form a FIN segment" (§3.10.4)', () => {
    expect(say(happen(passive, { type: 'shutdown' }))).to.deep.equal(['FIN_WAIT_1 < FA 101:301']);
  });

  it('"otherwise, queue for processing after entering ESTABLISHED state"', () => {
    const [{ tcb }] = happen(passive, { type: 'send', text: text('abc') });
    const [closing] = happen(tcb, { type: 'shutdown' });
    expect(say([closing])).to.deep.equal(['SYN_RCVD']);
    const outcomes = arrive(closing.tcb, { flags: 'A' });
    expect(say(outcomes)).to.deep.equal(['FIN_WAIT_1 < PA 101:301 +3, FA 104:301']);
    expect(outcomes[0].path).to.deep.equal(['ESTABLISHED', 'FIN_WAIT_1']);
  });

  it('takes an ACK of SYN alone, and of SYN and FIN, in the FIN_WAIT_1 that CLOSE entered', () => {
    const [{ tcb }] = happen(passive, { type: 'shutdown' });
    expect(say(arrive(tcb, { flags: 'A', ack: 101 }))).to.deep.equal(['FIN_WAIT_1']);
    expect(say(arrive(tcb, { flags: 'A', ack: 102 }))).to.deep.equal(['FIN_WAIT_2']);
  });

  it('ABORT: "Send a reset segment: <SEQ=SND.NXT><CTL=RST>" (§3.10.5)', () => {
    expect(say(happen(passive, { type: 'abort' }))).to.deep.equal(['CLOSED < R 101', 'TIME_WAIT < R 101']);
  });

  it('sends the SYN,ACK again by the retransmission timeout (§3.10.8)', () => {
    for (const tcb of [passive, active]) {
      expect(say(happen(tcb, { type: 'timeout', timer: 'retransmission' }))).to.deep.equal([
        'SYN_RCVD < SA 100:301',
      ]);
    }
    expect(say(happen(passive, { type: 'timeout', timer: 'user' }))).to.deep.equal(['CLOSED']);
  });
});
