import { expect } from 'chai';
import { Ipv4View } from './ipv4.ts';
import { hasValidChecksums, openPacket, updateChecksums } from './packet-view.ts';
import { decodePacket } from './packet.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Packets that Linux 6.18 wrote to a TUN device, and one that it answered. */
const SOUND: Readonly<Record<string, string>> = {
  'IPv4, data of odd length':
    '45000045302e400040067e5dc6120001c612000200509c40b229e82f00000002b01800409f1a00000101080a7a581fe1000000030101050a0000000c0000001068656c6c6f',
  'IPv4, options in the header':
    '4600002c000040004006aba3c6120002c6120001010101009c40005100000007000000005002006486be0000',
  // The sum comes to zero, and Linux writes a zero as its other spelling.
  'IPv6, the checksum ffff':
    '6002a764002c064020010db800000000000000000000000120010db800000000000000000000000200509c40aeaa110f00000002b010003fffff00000101080a00318856000000030101050a0000000c00000010',
  'IPv6, a hop-by-hop header':
    '60000000001c004020010db800000000000000000000000220010db800000000000000000000000106000104000000009c400051000000070000000050020064b7710000',
};
const [DATA, , , HOP_BY_HOP] = Object.values(SOUND) as [string, string, string, string];

describe('hasValidChecksums', () => {
  for (const [name, bytes] of Object.entries(SOUND)) {
    it(`accepts ${name}`, () => {
      expect(hasValidChecksums(hex(bytes))).to.equal(true);
    });

    it(`refuses every changed bit of the segment: ${name}`, () => {
      const length = hex(bytes).length;
      const start = openPacket(hex(bytes)).tcp.bytes.byteOffset;
      for (let bit = start * 8; bit < length * 8; bit++) {
        const changed = hex(bytes);
        changed[bit >> 3]! ^= 1 << (bit & 7);
        expect(hasValidChecksums(changed), `bit ${bit}`).to.equal(false);
      }
    });
  }

  it('refuses a changed header of IPv4, whose own checksum covers it', () => {
    const changed = openPacket(hex(DATA));
    changed.ip.bytes[8]! -= 1;
    expect(hasValidChecksums(changed.ip.bytes)).to.equal(false);
  });

  it('refuses the addresses of another packet', () => {
    const changed = hex(HOP_BY_HOP);
    changed[39]! ^= 1;
    expect(hasValidChecksums(changed)).to.equal(false);
  });
});

describe('updateChecksums', () => {
  it('makes right what was wrong, byte for byte', () => {
    for (const bytes of [DATA, HOP_BY_HOP]) {
      const packet = hex(bytes);
      const { ip, tcp } = openPacket(packet);
      tcp.checksum = 0x1234;
      if (ip instanceof Ipv4View) ip.checksum = 0x5678;
      updateChecksums(packet);
      expect(text(packet)).to.equal(bytes);
    }
  });
});

describe('openPacket', () => {
  it('lets nonsense be sent: a data offset of 0 with right checksums', () => {
    const packet = hex(DATA);
    openPacket(packet).tcp.dataOffset = 0;
    updateChecksums(packet);
    expect(hasValidChecksums(packet)).to.equal(true);
    expect(() => decodePacket(packet))
      .to.throw(/^tcp\.dataOffset at byte 12 is 0: /)
      .with.property('code', 'CW_DECODE');
  });

  it('finds the segment behind extension headers', () => {
    const { ip, tcp } = openPacket(hex(HOP_BY_HOP));
    expect([ip.version, tcp.sourcePort, tcp.destinationPort]).to.deep.equal([6, 40_000, 81]);
  });

  it('refuses what is not TCP', () => {
    const icmp = hex(DATA);
    icmp[9] = 1;
    expect(() => openPacket(icmp))
      .to.throw('protocol is 1,')
      .with.property('code', 'CW_DECODE');
  });
});
