import { expect } from 'chai';
import { CloseWaitError, random } from '#core';
import { decodePacket, encodePacket, hasValidChecksums, segment, seq } from '#tcp';
import type { Match } from './match.ts';
import type { Passing } from './passing.ts';
import { Rules } from './rules.ts';

const SERVER = { address: '198.18.0.1', port: 80 };
const CLIENT = { address: '198.18.0.2', port: 50000 };

/** Rules without a wire: packets are numbered, and what arrives and what was done is noted. */
function bench(seed = 1) {
  const arrived: Passing[] = [];
  const told: string[] = [];
  const rules = new Rules(
    () => null,
    () => undefined,
  );
  const rule = (match: Match) => rules.for(match, random(seed));
  const send = (...numbers: number[]): void => {
    for (const number of numbers) {
      const packet = {
        family: 4,
        from: CLIENT,
        to: SERVER,
        ...segment({ flags: 'A', seq: seq(number) }),
      } as const;
      const bytes = encodePacket({ ...packet, payload: Buffer.from(`data ${number}`) });
      rules.pass({
        from: 'client',
        packet: decodePacket(bytes),
        bytes,
        origin: seq(0),
        retransmission: false,
        arrive: (passing) => void arrived.push(passing),
        tell: (passing, act, detail) => void told.push(`${act} ${passing.packet.seq} ${detail}`.trim()),
      });
    }
  };
  return { rules, rule, send, told, arrived, order: () => arrived.map(({ packet }) => packet.seq as number) };
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('wire: rules', () => {
  it('lets everything pass that no rule is about', () => {
    const { rule, send, order, told } = bench();
    const other = rule({ from: 'server' }).drop();
    send(1, 2);
    expect([order(), told, other.matched]).to.deep.equal([[1, 2], [], 0]);
  });

  it('drops the n-th, or those from one to another', () => {
    const { rule, send, order, told } = bench();
    const one = rule({ nth: 2 }).drop();
    const some = rule({ nth: [3, 4] }).drop();
    send(1, 2, 3, 4, 5, 6);
    // The second rule does not see what the first has dropped.
    expect(order()).to.deep.equal([1, 3, 6]);
    expect([one.matched, some.matched]).to.deep.equal([1, 2]);
    expect(told).to.deep.equal(['drop 2', 'drop 4', 'drop 5']);
  });

  it('holds, releases in order and holds again; removed, it lets go of all', () => {
    const { rule, send, order } = bench();
    const hold = rule({ sequence: [1, 3] }).hold();
    send(1, 2, 9);
    expect([order(), hold.held]).to.deep.equal([[9], 2]);
    hold.release();
    send(3);
    expect([order(), hold.held]).to.deep.equal([[9, 1, 2], 1]);
    hold.remove();
    send(1);
    expect([order(), hold.held, hold.matched]).to.deep.equal([[9, 1, 2, 3, 1], 0, 3]);
  });

  it('leads what it lets go through the rules behind it, and not through those before it', () => {
    const { rule, send, order } = bench();
    const first = rule({ nth: [2, Infinity] }).drop();
    const hold = rule({}).hold();
    send(1);
    const late = rule({ sequence: [1, 1] }).duplicate();
    hold.release();
    expect([order(), first.matched, late.matched]).to.deep.equal([[1, 1], 0, 1]);
  });

  it('delays, and keeps the order without jitter', async () => {
    const { rule, send, order, told } = bench();
    const slow = rule({ sequence: [1, 3] }).delay(20);
    const startMs = performance.now();
    send(1, 2, 3, 9);
    expect([order(), slow.held]).to.deep.equal([[9], 3]);
    while (slow.held > 0) await sleep(1);
    expect(performance.now() - startMs).to.be.at.least(19);
    expect(order()).to.deep.equal([9, 1, 2, 3]);
    expect(told[0]).to.match(/^delay 1 by (20\.0|19\.9) ms$/);
  });

  it('lets packets overtake each other with jitter, the same ones with the same seed', async () => {
    const orders: number[][] = [];
    for (const seed of [1, 1, 2]) {
      const { rule, send, order } = bench(seed);
      const slow = rule({}).delay(0, 40);
      send(1, 2, 3, 4, 5, 6);
      while (slow.held > 0) await sleep(1);
      orders.push(order());
    }
    expect(orders[0]).not.to.deep.equal([1, 2, 3, 4, 5, 6]);
    expect(orders[1]).to.deep.equal(orders[0]);
    expect(orders[2]).not.to.deep.equal(orders[0]);
  });

  it('shares a rate', async () => {
    const { rule, send, order, arrived } = bench();
    const link = rule({}).rate(2000);
    const startMs = performance.now();
    send(1, 2, 3);
    while (link.held > 0) await sleep(1);
    const bytes = arrived.reduce((sum, passing) => sum + passing.bytes.length, 0);
    expect(order()).to.deep.equal([1, 2, 3]);
    expect(performance.now() - startMs).to.be.at.least((bytes / 2000) * 1000 - 1);
  });

  it('duplicates', () => {
    const { rule, send, arrived, order } = bench();
    rule({ nth: 1 }).duplicate(2);
    send(1, 2);
    expect(order()).to.deep.equal([1, 1, 1, 2]);
    expect(arrived.map(({ retransmission }) => retransmission)).to.deep.equal([false, true, true, false]);
  });

  it('puts a packet behind the next ones, and swaps pairs where all match', () => {
    const one = bench();
    one.rule({ nth: 1 }).reorder(2);
    one.send(1, 2, 3, 4);
    expect(one.order()).to.deep.equal([2, 3, 1, 4]);
    const all = bench();
    const swap = all.rule({}).reorder();
    all.send(1, 2, 3, 4, 5);
    expect([all.order(), swap.held]).to.deep.equal([[2, 1, 4, 3], 1]);
  });

  it('flips one bit, so that the checksum is wrong', () => {
    const { rule, send, arrived } = bench();
    send(1);
    rule({}).corrupt();
    send(1);
    const [sound, damaged] = arrived.map(({ bytes }) => Buffer.from(bytes));
    const flipped = [...sound!].reduce(
      (bits, byte, at) => bits + (byte ^ damaged![at]!).toString(2).replaceAll('0', '').length,
      0,
    );
    expect(flipped).to.equal(1);
    expect([hasValidChecksums(sound!), hasValidChecksums(damaged!)]).to.deep.equal([true, false]);
    expect(arrived[1]!.damaged).to.equal(true);
  });

  it('rewrites, with right checksums, and leaves what its sender has alone', () => {
    const { rule, send, arrived, rules } = bench();
    rule({}).rewrite(({ tcp }) => (tcp.window = 7));
    send(1);
    expect(arrived[0]!.packet.window).to.equal(7);
    expect(hasValidChecksums(Buffer.from(arrived[0]!.bytes))).to.equal(true);
    rules.clear();
    send(1);
    expect(arrived[1]!.packet.window).to.equal(0xffff);
  });

  it('drops the same packets with the same seed, and others with another', () => {
    const numbers = Array.from({ length: 100 }, (_, index) => index);
    const left = [7, 7, 8].map((seed) => {
      const { rule, send, order } = bench(seed);
      rule({ chance: 0.3 }).drop();
      send(...numbers);
      return order();
    });
    expect(left[0]!.length).to.be.within(55, 85);
    expect(left[1]).to.deep.equal(left[0]);
    expect(left[2]).not.to.deep.equal(left[0]);
  });

  it('loses what is kept when all rules go', async () => {
    const { rules, rule, send, order } = bench();
    const held = rule({ sequence: [1, 1] }).hold();
    rule({ sequence: [2, 2] }).delay(5);
    rule({ sequence: [3, 3] }).reorder();
    send(1, 2, 3);
    rules.clear();
    held.release();
    await sleep(10);
    expect([order(), rules.isEmpty]).to.deep.equal([[], true]);
  });

  it('waits for packets that match, and tells when they do not come', async () => {
    const { rule, send } = bench();
    const drop = rule({}).drop();
    setTimeout(() => send(1, 2), 1);
    await drop.hits(2);
    const error = await drop.hits(3, 1).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(CloseWaitError).with.property('code', 'CW_UNMET');
    expect(error).to.have.property('message').that.includes('2 of 3');
  });

  it('refuses what cannot be done', () => {
    const { rule } = bench();
    const wrong = [
      () => rule({}).delay(-1),
      () => rule({}).delay(1, Number.NaN),
      () => rule({}).duplicate(0),
      () => rule({}).reorder(0),
      () => rule({}).rate(0),
    ];
    for (const make of wrong) expect(make).to.throw(CloseWaitError).with.property('code', 'CW_RULE');
  });
});
