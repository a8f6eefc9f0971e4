import { expect } from 'chai';
import { ACK } from './flags.ts';
import { arrive, at, delivered, first, happen, say, text } from './machine-builders.test.ts';
import { seq } from './seq.ts';

// ----------------------------------------------------------------------------------------------- ESTABLISHED

const open = at('ESTABLISHED');

describe('machine: ESTABLISHED, fifth, check the ACK field (RFC 9293 §3.10.7.4)', () => {
  const sent = at('ESTABLISHED', { queue: text('hello'), snd: { una: seq(101), nxt: seq(106) } });

  it('"If SND.UNA < SEG.ACK =< SND.NXT, then set SND.UNA <- SEG.ACK": what is acknowledged leaves the queue', () => {
    const [{ tcb, segments }] = arrive(sent, { flags: 'A', ack: 103 });
    expect([tcb?.snd.una, tcb?.queue, segments]).to.deep.equal([103, text('llo'), []]);
    expect(arrive(sent, { flags: 'A', ack: 106 })[0].tcb?.queue).to.deep.equal(text(''));
  });

  it('"If the ACK is a duplicate (SEG.ACK =< SND.UNA), it can be ignored": its text is not', () => {
    for (const ack of [101, 100, -399]) {
      const outcomes = arrive(sent, { flags: 'PA', ack, payload: 'abc' });
      expect([outcomes[0].tcb?.snd.una, delivered(outcomes)]).to.deep.equal([101, 'abc']);
    }
  });

  it('"prevents using old segments to update the window": SND.WL1 < SEG.SEQ, or the same and SND.WL2 =< SEG.ACK', () => {
    const windows = { flags: 'A', window: 9 } as const;
    const aged = at('ESTABLISHED', { snd: { una: seq(101), nxt: seq(106), wl1: seq(301), wl2: seq(103) } });
    expect(arrive(aged, { ...windows, ack: 103 })[0].tcb?.snd).to.deep.include({
      wnd: 9,
      wl1: 301,
      wl2: 103,
    });
    expect(arrive(aged, { ...windows, ack: 102 })[0].tcb?.snd).to.deep.include({ wnd: 500, wl2: 103 });
    const newer = at('ESTABLISHED', { snd: { wl1: seq(300) } });
    expect(arrive(newer, windows)[0].tcb?.snd).to.deep.include({ wnd: 9, wl1: 301, maxWnd: 500 });
    const later = at('ESTABLISHED', { snd: { wl1: seq(302) } });
    expect(arrive(later, windows)[0].tcb?.snd).to.deep.include({ wnd: 500, wl1: 302 });
  });

  it('sends what a window of zero had held back as soon as it opens', () => {
    const shut = at('ESTABLISHED', { snd: { wnd: 0 } });
    const [{ tcb }] = happen(shut, { type: 'send', text: text('hello') });
    expect(tcb?.snd.nxt).to.equal(101);
    expect(say(arrive(tcb, { flags: 'A', window: 3 }))).to.deep.equal(['ESTABLISHED < A 101:301 +3']);
  });
});

describe('machine: ESTABLISHED, sixth, check the URG bit', () => {
  it('"signal the user that the remote side has urgent data", once for a continuous sequence', () => {
    const [urgent] = arrive(open, { flags: 'PUA', urgent: 5, payload: 'abc' });
    expect([urgent.signals, urgent.tcb?.rcv.up]).to.deep.equal([['urgent'], 306]);
    const [more] = arrive(urgent.tcb, { flags: 'PUA', urgent: 9, payload: 'def' });
    expect([more.signals, more.tcb?.rcv.up]).to.deep.equal([[], 313]);
  });

  it('does not signal what the user has consumed, nor without the bit', () => {
    expect(arrive(open, { flags: 'UA', urgent: 0 })[0].signals).to.deep.equal([]);
    expect(arrive(open, { flags: 'A', urgent: 5 })[0].signals).to.deep.equal([]);
  });

  it('signals again for urgent data after that was consumed', () => {
    const consumed = at('ESTABLISHED', { rcv: { up: seq(300) } });
    expect(arrive(consumed, { flags: 'UA', urgent: 2 })[0].signals).to.deep.equal(['urgent']);
  });
});

describe('machine: ESTABLISHED, seventh, process the segment text', () => {
  it('"it advances RCV.NXT over the data accepted", keeps the right edge and sends an acknowledgment', () => {
    const outcomes = arrive(open, { flags: 'PA', payload: 'abc' });
    expect([...say(outcomes), delivered(outcomes)]).to.deep.equal(['ESTABLISHED < A 101:304', 'abc']);
    expect(outcomes[0].segments[0]?.window).to.equal(997);
    expect(outcomes[0].tcb).to.deep.include({ unread: 3 });
  });

  it('says nothing to an ACK without text: "if it did, we would wind up ACKing ACKs!" (§3.5)', () => {
    expect(say(arrive(open, { flags: 'A' }))).to.deep.equal(['ESTABLISHED']);
    expect(say(arrive(open, { flags: 'PA' }))).to.deep.equal(['ESTABLISHED']);
  });

  it('"only the new parts are processed" where old and new overlap, or where the window ends', () => {
    expect(delivered(arrive(open, { flags: 'A', seq: 299, payload: 'abcd' }))).to.equal('cd');
    const narrow = at('ESTABLISHED', { rcv: { wnd: 2 } });
    const outcomes = arrive(narrow, { flags: 'FA', payload: 'abcd' });
    expect([...say(outcomes), delivered(outcomes)]).to.deep.equal(['ESTABLISHED < A 101:303', 'ab']);
    expect(outcomes[0].segments[0]?.window).to.equal(0);
  });

  it('"Segments with higher beginning sequence numbers SHOULD be held" and "MAY send an ACK" (MAY-13)', () => {
    const outcomes = arrive(open, { flags: 'PA', seq: 302, payload: 'bc' });
    expect(say(outcomes).slice(0, 2)).to.deep.equal(['ESTABLISHED < A 101:301', 'ESTABLISHED']);
    expect(outcomes.flatMap((each) => each.delivered)).to.deep.equal([]);
    const filled = arrive(outcomes[0].tcb, { flags: 'PA', payload: 'a' });
    expect([...say(filled), delivered(filled)]).to.deep.equal(['ESTABLISHED < A 101:304', 'abc']);
  });

  it('holds no more of one than the window takes', () => {
    const [{ tcb }] = arrive(open, { flags: 'FA', seq: 1299, payload: 'abcd' });
    expect(tcb?.held.map(({ seq: number, payload, flags }) => [number, payload, flags])).to.deep.equal([
      [1299, text('ab'), ACK],
    ]);
  });

  it('says the same to an ACK ahead of RCV.NXT, and has nothing of it to hold', () => {
    const outcomes = arrive(open, { flags: 'A', seq: 302 });
    expect([...new Set(say(outcomes))]).to.deep.equal(['ESTABLISHED < A 101:301', 'ESTABLISHED']);
    for (const { tcb } of outcomes) expect(tcb?.held).to.deep.equal([]);
  });

  it('or the whole segment is held, its ACK not used: "further processing is done in SEG.SEQ order"', () => {
    const sent = at('ESTABLISHED', { queue: text('hello'), snd: { una: seq(101), nxt: seq(106) } });
    for (const fields of [{ flags: 'A', payload: 'b' }, { flags: 'FA' }]) {
      const waiting = arrive(sent, { ...fields, seq: 302 }).filter(({ tcb }) => tcb?.snd.una === 101);
      expect(say(waiting)).to.deep.equal(['ESTABLISHED < A 106:301', 'ESTABLISHED']);
      expect(waiting.map(({ tcb }) => tcb?.held.length)).to.deep.equal([1, 1]);
    }
  });

  it('delivers five segments in all 120 orders once, in order, with the FIN last', () => {
    const pieces = ['ab', 'cd', 'ef', 'gh', 'ij'];
    for (const order of permutations([0, 1, 2, 3, 4])) {
      let tcb: ReturnType<typeof at> | null = open;
      let read = '';
      for (const i of order) {
        const flags = i === 4 ? 'FA' : 'A';
        const outcomes = arrive(tcb, { flags, seq: 301 + 2 * i, payload: pieces[i] ?? '' });
        read += delivered(outcomes);
        tcb = outcomes[0].tcb;
      }
      expect([read, tcb?.state, tcb?.rcv.nxt], order.join()).to.deep.equal(['abcdefghij', 'CLOSE_WAIT', 312]);
    }
  });

  it('delivers across the wrap of sequence numbers', () => {
    const wrapped = at('ESTABLISHED', { irs: seq(0xfffffffd) });
    const outcomes = arrive(wrapped, { flags: 'PA', payload: 'abcd' });
    expect([...say(outcomes), delivered(outcomes)]).to.deep.equal(['ESTABLISHED < A 101:2', 'abcd']);
  });
});

describe('machine: ESTABLISHED, eighth, check the FIN bit', () => {
  it('"Enter the CLOSE-WAIT state": the user is told, RCV.NXT advances over the FIN, and it is acknowledged', () => {
    const outcomes = arrive(open, { flags: 'FA' });
    expect(say(outcomes)).to.deep.equal(['CLOSE_WAIT < A 101:302']);
    expect([outcomes[0].signals, outcomes[0].delivered]).to.deep.equal([['closing'], []]);
  });

  it('acknowledges text and FIN at once (MUST-58), and carries the acknowledgment on text that waits', () => {
    expect(say(arrive(open, { flags: 'FPA', payload: 'abc' }))).to.deep.equal(['CLOSE_WAIT < A 101:305']);
    const shut = at('ESTABLISHED', { queue: text('hello'), snd: { wnd: 0, maxWnd: 0 } });
    expect(say(arrive(shut, { flags: 'FA', window: 9 }))).to.deep.equal(['CLOSE_WAIT < PA 101:302 +5']);
  });

  it('leaves a FIN beyond a gap for later', () => {
    const outcomes = arrive(open, { flags: 'FA', seq: 302 });
    expect(say(outcomes).slice(0, 2)).to.deep.equal(['ESTABLISHED < A 101:301', 'ESTABLISHED']);
    expect(first(arrive(outcomes[0].tcb, { flags: 'PA', payload: 'a' }))).to.equal('CLOSE_WAIT < A 101:303');
  });
});

function permutations(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) =>
    permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  );
}
