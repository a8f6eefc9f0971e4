import { expect } from 'chai';
import { IPPROTO_ICMPV6, IPPROTO_TCP } from './ip-header.ts';
import { openIp, parseIp, protocolOf } from './ip.ts';
import { Ipv4View } from './ipv4.ts';
import { Ipv6View } from './ipv6.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

const RST4 = hex('45000028000040004006aea8c6120001c612000200519c40000000000000000850140000870f0000');
const RST6 = hex(
  '600d96520014064020010db800000000000000000000000120010db800000000000000000000000200519c40000000000000000850140000b7c20000',
);
/** What a fresh TUN device sends: a router solicitation. */
const SOLICITATION = hex(
  '6000000000083afffe80000000000000117bdb27c1a5feeeff0200000000000000000000000000028500cfff00000000',
);
/** The start of a multicast listener report: ICMPv6 behind a hop-by-hop header. */
const REPORT = hex(
  '6000000000240001fe80000000000000117bdb27c1a5feeeff0200000000000000000000000000163a000502000001008f000000',
);

describe('protocolOf', () => {
  it('is the number in the header, or behind extension headers', () => {
    expect(protocolOf(RST4)).to.equal(IPPROTO_TCP);
    expect(protocolOf(RST6)).to.equal(IPPROTO_TCP);
    expect(protocolOf(SOLICITATION)).to.equal(IPPROTO_ICMPV6);
    expect(protocolOf(REPORT)).to.equal(IPPROTO_ICMPV6);
  });

  it('is the number of a header that cannot be passed over', () => {
    expect(protocolOf(REPORT.subarray(0, 44))).to.equal(0);
  });

  it('is undefined for bytes that are no IP packet', () => {
    const other = RST4.slice();
    other[0] = 0x55;
    for (const bytes of [hex(''), RST4.subarray(0, 19), RST6.subarray(0, 39), other]) {
      expect(protocolOf(bytes)).to.equal(undefined);
    }
  });
});

describe('openIp and parseIp', () => {
  it('go by the version', () => {
    expect(openIp(RST4)).to.be.instanceOf(Ipv4View);
    expect(openIp(RST6)).to.be.instanceOf(Ipv6View);
    expect([parseIp(RST4).family, parseIp(RST6).family]).to.deep.equal([4, 6]);
  });

  it('refuse other versions, and no bytes', () => {
    for (const read of [openIp, parseIp]) {
      expect(() => read(hex('55')))
        .to.throw(/^ip\.version at byte 0 is 5: /)
        .with.property('code', 'CW_DECODE');
      expect(() => read(hex('')))
        .to.throw(/^ip\.length at byte 0 is 0: /)
        .with.property('code', 'CW_DECODE');
    }
  });
});
