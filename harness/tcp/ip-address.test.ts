import { isIP } from 'node:net';
import { expect } from 'chai';
import { random } from '#core';
import { familyOf, formatAddress, parseAddress, unmapAddress } from './ip-address.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Text, bytes, canonical text: what glibc's inet_pton and inet_ntop make of them. */
const ADDRESSES: readonly (readonly [text: string, bytes: string, canonical: string])[] = [
  ['0.0.0.0', '00000000', '0.0.0.0'],
  ['198.18.0.1', 'c6120001', '198.18.0.1'],
  ['255.255.255.255', 'ffffffff', '255.255.255.255'],
  ['::', '00000000000000000000000000000000', '::'],
  ['::1', '00000000000000000000000000000001', '::1'],
  ['1::', '00010000000000000000000000000000', '1::'],
  ['2001:db8::1', '20010db8000000000000000000000001', '2001:db8::1'],
  ['2001:0DB8:0:0:0:0:0:1', '20010db8000000000000000000000001', '2001:db8::1'],
  ['2001:db8:0:1:1:1:1:1', '20010db8000000010001000100010001', '2001:db8:0:1:1:1:1:1'],
  ['2001:db8:0:0:1:0:0:1', '20010db8000000000001000000000001', '2001:db8::1:0:0:1'],
  ['2001:0:0:1:0:0:0:1', '20010000000000010000000000000001', '2001:0:0:1::1'],
  ['1:0:0:2::', '00010000000000020000000000000000', '1:0:0:2::'],
  ['0:0:1::', '00000000000100000000000000000000', '0:0:1::'],
  ['::2:3:4:5:6:7:8', '00000002000300040005000600070008', '0:2:3:4:5:6:7:8'],
  ['1:2:3:4:5:6:7::', '00010002000300040005000600070000', '1:2:3:4:5:6:7:0'],
  ['::ffff:198.18.0.1', '00000000000000000000ffffc6120001', '::ffff:198.18.0.1'],
  ['::FFFF:c612:1', '00000000000000000000ffffc6120001', '::ffff:198.18.0.1'],
  ['0:0:1:1:1:ffff:c612:1', '00000000000100010001ffffc6120001', '::1:1:1:ffff:c612:1'],
  ['64:ff9b::198.18.0.1', '0064ff9b0000000000000000c6120001', '64:ff9b::c612:1'],
  ['1:2:3:4:5:6:198.18.0.1', '000100020003000400050006c6120001', '1:2:3:4:5:6:c612:1'],
];

/** Texts that are not addresses, separated by commas. */
const NOT_ADDRESSES = [
  ',localhost,0x7f.0.0.1,3323068417,198.18.0,198..0.1,198.18.0.1.2,198.18.0.256,198.18.0.01,198.18.0.-1',
  '198.18.0.1 , 198.18.0.1,198.18.0.1/24,198.18.0.1:80,198.18.0.1::,[::1],::1/64, ::1,fe80::1%lo',
  ':,:::,1::2::3,1:2:3:4:5:6:7,1:2:3:4:5:6:7:8:9,12345::,g::,::198.18.0.256,1:2:3:4:5:6:7:198.18.0.1',
].flatMap((line) => line.split(','));

describe('IP addresses', () => {
  for (const [text, bytes, canonical] of ADDRESSES) {
    it(`reads ${text}, writes ${canonical}`, () => {
      expect(hex(parseAddress(text))).to.equal(bytes);
      expect(formatAddress(Uint8Array.from(Buffer.from(bytes, 'hex')))).to.equal(canonical);
      expect(familyOf(text)).to.equal(bytes.length === 8 ? 4 : 6);
    });
  }

  for (const text of NOT_ADDRESSES) {
    it(`refuses '${text}'`, () => {
      expect(() => parseAddress(text))
        .to.throw(`'${text}'`)
        .with.property('code', 'CW_ADDRESS');
    });
  }

  it('refuses bytes of another length', () => {
    for (const length of [0, 3, 5, 15, 17]) {
      expect(() => formatAddress(new Uint8Array(length)))
        .to.throw(`${length} bytes`)
        .with.property('code', 'CW_ADDRESS');
    }
  });

  it('come back from their text, whatever groups are zero', () => {
    const source = random(5952);
    for (let zeros = 0; zeros < 256; zeros++) {
      const bytes = source.bytes(16);
      for (let group = 0; group < 8; group++)
        if ((zeros >> group) & 1) bytes.fill(0, 2 * group, 2 * group + 2);
      const text = formatAddress(bytes);
      expect(isIP(text), text).to.equal(6);
      expect(hex(parseAddress(text)), text).to.equal(hex(bytes));
    }
  });
});

describe('unmapAddress', () => {
  it('gives the IPv4 address of an IPv4-mapped one, in either spelling', () => {
    expect(unmapAddress('::ffff:198.18.0.2')).to.equal('198.18.0.2');
    expect(unmapAddress('::FFFF:c612:2')).to.equal('198.18.0.2');
  });

  it('gives any other in its canonical text', () => {
    expect(unmapAddress('198.18.0.2')).to.equal('198.18.0.2');
    expect(unmapAddress('2001:DB8:0::1')).to.equal('2001:db8::1');
    expect(unmapAddress('::fffe:198.18.0.2')).to.equal('::fffe:c612:2');
    expect(unmapAddress('::ffff:2')).to.equal('::ffff:2');
    expect(unmapAddress('::ffff:0:198.18.0.2')).to.equal('::ffff:0:c612:2');
  });
});
