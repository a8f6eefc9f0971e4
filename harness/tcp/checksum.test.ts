import { expect } from 'chai';
import { random } from '#core';
import { checksumOf, internetChecksum, pseudoHeaderSum, sum16 } from './checksum.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

/** By arithmetic, not by folding: 2^16 is 1 modulo 65535, so the sum of the words is the whole number modulo 65535. */
function reference(bytes: Uint8Array): number {
  const digits = Buffer.from(bytes).toString('hex') + '00'.repeat(bytes.length % 2);
  const value = BigInt(`0x0${digits}`);
  const rest = Number(value % 65535n);
  return 0xffff - (rest === 0 && value !== 0n ? 0xffff : rest);
}

describe('internetChecksum', () => {
  it('gives the sum of the example in RFC 1071 §3', () => {
    expect(internetChecksum(hex('0001f203f4f5f6f7'))).to.equal(0xffff - 0xddf2);
  });

  it('takes an odd last byte for the high half of a word', () => {
    expect(internetChecksum(hex('01'))).to.equal(0xfeff);
    expect(internetChecksum(hex('000102'))).to.equal(0xffff - 0x0201);
  });

  it('tells no bytes and zeros from ones', () => {
    expect(internetChecksum(hex(''))).to.equal(0xffff);
    expect(internetChecksum(hex('0000'))).to.equal(0xffff);
    expect(internetChecksum(hex('ffff'))).to.equal(0);
    expect(internetChecksum(hex('fffe0001'))).to.equal(0);
  });

  it('carries as often as the longest packet needs', () => {
    for (const length of [65_534, 65_535, 65_575]) {
      const ones = new Uint8Array(length).fill(0xff);
      expect(internetChecksum(ones), `${length} bytes`).to.equal(reference(ones));
    }
  });

  it('agrees with arithmetic modulo 65535 on every length up to 300', () => {
    const source = random(1071);
    for (let length = 0; length <= 300; length++) {
      const bytes = source.bytes(length);
      expect(internetChecksum(bytes), Buffer.from(bytes).toString('hex')).to.equal(reference(bytes));
    }
  });
});

describe('sum16', () => {
  it('adds pieces, and only what lies between start and end', () => {
    const bytes = hex('aaaa0102030405bb');
    expect(sum16(bytes, 2, 7)).to.equal(0x0102 + 0x0304 + 0x0500);
    expect(sum16(bytes, 2, 4) + sum16(bytes, 4, 7)).to.equal(sum16(bytes, 2, 7));
    expect(sum16(bytes, 3, 3)).to.equal(0);
  });
});

describe('pseudoHeaderSum', () => {
  it('is the sum of the twelve bytes of RFC 9293 §3.1', () => {
    const ip = hex('ffffc6120001c6120002ffff');
    const written = hex('c6120001c612000200060014');
    expect(pseudoHeaderSum(ip, 2, 10, 6, 20)).to.equal(sum16(written));
  });

  it('is the sum of the forty bytes of RFC 8200 §8.1, lengths over 16 bits included', () => {
    const addresses = '20010db800000000000000000000000120010db8000000000000000000000002';
    const written = hex(`${addresses}0001000700000006`);
    expect(checksumOf(pseudoHeaderSum(hex(addresses), 0, 32, 6, 0x10007))).to.equal(
      internetChecksum(written),
    );
  });
});
