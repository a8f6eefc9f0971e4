import { expect } from 'chai';
import { CloseWaitError, nowUs, random, type Random } from '#core';
import type { SocketRow } from './contract.ts';
import { parseNetstat } from './parse-netstat.ts';
import { parseProcfs } from './parse-procfs.ts';
import { parseSs } from './parse-ss.ts';
import { fixtureNames, readFixture } from './testing/fixtures.ts';

const PARSERS: Readonly<Record<string, (text: string) => SocketRow[]>> = {
  'ss-': parseSs,
  'net-tools-': parseNetstat,
  'busybox-': parseNetstat,
  'macos-': parseNetstat,
  'freebsd-': parseNetstat,
  'proc-': parseProcfs,
};

const ROUNDS = 300;

describe('observe: parsers and hostile text', () => {
  for (const [prefix, parse] of Object.entries(PARSERS)) {
    it(`${prefix}*: a damaged output gives rows or CW_OBSERVER`, () => {
      const texts = fixtureNames(prefix).map(readFixture);
      const numbers = random(9293).fork(prefix);
      let refused = 0;
      for (let round = 0; round < ROUNDS; round++) {
        refused += attempt(parse, damage(texts[numbers.below(texts.length)]!, numbers)) ? 0 : 1;
      }
      expect(refused).to.be.within(1, ROUNDS - 1);
    });

    it(`${prefix}*: random bytes give CW_OBSERVER`, () => {
      const numbers = random(793).fork(prefix);
      for (let round = 0; round < ROUNDS; round++) {
        const text = Buffer.from(numbers.bytes(1 + numbers.below(400))).toString('latin1');
        expect(attempt(parse, `x${text}`)).to.equal(false);
      }
    });

    it(`${prefix}*: takes time in proportion to the length of a line`, () => {
      const header = readFixture(fixtureNames(prefix)[0]!).split('\n').slice(0, 2).join('\n');
      for (const part of [
        ' ',
        'x',
        '1',
        '",1',
        'users:((',
        'timer:(',
        '1/',
        '(',
        'tcp4 ',
        ':1 ',
        'ESTAB 0 ',
      ]) {
        const line = part.repeat(Math.ceil(1e6 / part.length));
        const startUs = nowUs();
        attempt(parse, `${header}\n${line}\n`);
        attempt(parse, `${header}\nESTAB 0 0 127.0.0.1:1 127.0.0.1:2 ${line}\n`);
        expect(nowUs() - startUs, part).to.be.lessThan(2e6);
      }
    });
  }
});

/** Whether the text was read. Throws what no parser may throw. */
function attempt(parse: (text: string) => SocketRow[], text: string): boolean {
  try {
    parse(text);
    return true;
  } catch (error) {
    if (error instanceof CloseWaitError && error.code === 'CW_OBSERVER') return false;
    throw error;
  }
}

/** Some characters changed, removed or doubled, or the end cut off. */
function damage(text: string, numbers: Random): string {
  let damaged = text;
  for (let count = 1 + numbers.below(3); count > 0; count--) {
    const at = numbers.below(damaged.length);
    const length = numbers.below(12);
    const piece = [
      '',
      String.fromCodePoint(numbers.below(0x2100)),
      damaged.slice(at, at + 2 * length),
      '\n',
      '%:.*[]()"/,-_'[numbers.below(13)]!,
    ][numbers.below(5)]!;
    damaged = damaged.slice(0, at) + piece + damaged.slice(at + length);
  }
  return numbers.below(4) === 0 ? damaged.slice(0, numbers.below(damaged.length)) : damaged;
}
