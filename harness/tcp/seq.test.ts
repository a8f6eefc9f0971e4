import { expect } from 'chai';
import { seq, seqAdd, seqDiff, seqInWindow, seqLe, seqLt } from './seq.ts';

const SPACE = 2 ** 32;
const HALF = 2 ** 31;
/** Whole numbers from -8 to 8: around every number that matters. */
const AROUND = Array.from({ length: 17 }, (_, index) => index - 8);

describe('seq', () => {
  it('takes any whole number modulo 2^32', () => {
    expect([-1, 0, 1, SPACE - 1, SPACE, SPACE + 5].map(seq)).to.deep.equal([
      SPACE - 1,
      0,
      1,
      SPACE - 1,
      0,
      5,
    ]);
  });

  it('adds and subtracts over the wrap, every pair near it', () => {
    for (const start of AROUND) {
      for (const count of AROUND) {
        const sum = seqAdd(seq(start), count);
        expect(sum, `${start} + ${count}`).to.equal((start + count + SPACE) % SPACE);
        expect(seqDiff(sum, seq(start)), `difference of ${count} from ${start}`).to.equal(count);
      }
    }
  });

  it('adds up to a whole turn', () => {
    expect(seqAdd(seq(7), SPACE - 1)).to.equal(6);
    expect(seqAdd(seq(7), -SPACE)).to.equal(7);
  });

  it('orders every pair near the wrap by which is ahead', () => {
    for (const a of AROUND) {
      for (const b of AROUND) {
        expect(seqLt(seq(a), seq(b)), `${a} < ${b}`).to.equal(a < b);
        expect(seqLe(seq(a), seq(b)), `${a} <= ${b}`).to.equal(a <= b);
      }
    }
  });

  it('turns the order round half the space away, wherever it starts', () => {
    for (const start of AROUND) {
      const from = seq(start);
      expect(seqLt(from, seqAdd(from, HALF - 1)), 'one short of half').to.equal(true);
      expect(seqLt(from, seqAdd(from, HALF + 1)), 'one past half').to.equal(false);
      expect(seqDiff(seqAdd(from, HALF - 1), from)).to.equal(HALF - 1);
      expect(seqDiff(seqAdd(from, HALF), from)).to.equal(-HALF);
    }
  });

  it('finds the numbers of a window over the wrap, and no other', () => {
    for (const start of AROUND) {
      for (let size = 0; size <= 8; size++) {
        for (const offset of AROUND) {
          const inside = seqInWindow(seqAdd(seq(start), offset), seq(start), size);
          expect(inside, `${offset} into ${size} from ${start}`).to.equal(offset >= 0 && offset < size);
        }
      }
    }
  });
});
