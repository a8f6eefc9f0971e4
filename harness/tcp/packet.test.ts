import { expect } from 'chai';
import { formatEndpoint } from './address.ts';
import { formatSegment } from './format-segment.ts';
import { hasValidChecksums } from './packet-view.ts';
import { decodePacket, encodePacket } from './packet.ts';
import { type Packet, segment } from './segment.ts';
import { seq } from './seq.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const ENDS = {
  4: { from: { address: '198.18.0.2', port: 51_234 }, to: { address: '198.18.0.1', port: 80 } },
  6: { from: { address: '2001:db8::2', port: 51_234 }, to: { address: '2001:db8::1', port: 80 } },
} as const;

/** A SYN that acknowledges, with options and a payload of odd length. */
const FULL = segment({
  flags: 'SA',
  seq: seq(0x89abcdef),
  ack: seq(0x01234567),
  window: 64_240,
  options: [
    { kind: 'mss', bytes: 1460 },
    { kind: 'sack-permitted' },
    { kind: 'timestamps', value: 0x01020304, echo: 0x05060708 },
    { kind: 'window-scale', shift: 7 },
  ],
  payload: hex('6f6464'),
});
const PLAIN = segment({ flags: 'A', seq: seq(1), ack: seq(2), window: 512 });

/** Packets and their bytes: made with Python's struct and socket.inet_pton, checksums by its integers. */
const PACKETS: readonly (readonly [name: string, packet: Packet, bytes: string])[] = [
  [
    'a plain IPv4 packet',
    { family: 4, ...ENDS[4], ...PLAIN },
    '45000028000040004006aea8c6120002c6120001c822005000000001000000025010020059370000',
  ],
  [
    'a full IPv4 packet',
    { family: 4, ...ENDS[4], ...FULL },
    '4500003f000040004006ae91c6120002c6120001c822005089abcdef01234567a012faf070ca0000020405b40402080a0102030405060708030307006f6464',
  ],
  [
    'a plain IPv6 packet',
    { family: 6, ...ENDS[6], ...PLAIN },
    '600000000014064020010db800000000000000000000000220010db8000000000000000000000001c822005000000001000000025010020089ea0000',
  ],
  [
    'a full IPv6 packet',
    { family: 6, ...ENDS[6], ...FULL },
    '60000000002b064020010db800000000000000000000000220010db8000000000000000000000001c822005089abcdef01234567a012faf0a17d0000020405b40402080a0102030405060708030307006f6464',
  ],
];

describe('encodePacket and decodePacket', () => {
  for (const [name, packet, bytes] of PACKETS) {
    it(`write and read ${name}`, () => {
      expect(text(encodePacket(packet))).to.equal(bytes);
      expect(decodePacket(hex(bytes))).to.deep.equal(packet);
      expect(hasValidChecksums(hex(bytes))).to.equal(true);
    });
  }
});

/** Packets that Linux 6.18 wrote to a TUN device, and what tcpdump reads in them. */
const CAPTURED: readonly (readonly [said: string, bytes: string])[] = [
  [
    '198.18.0.1:44910 > 198.18.0.2:80 S seq 2523990064 win 64240 len 0 <mss 1460, sackOK, TS val 4215222758 ecr 0, wscale 10>',
    '4500003c783c400040063658c6120001c6120002af6e00509671083000000000a002faf0455e0000020405b40402080afb3f31e6000000000103030a',
  ],
  [
    '198.18.0.1:80 > 198.18.0.2:40000 SA seq 2989090862 ack 4294967295 win 65160 len 0 <mss 1460, sackOK, TS val 2052595177 ecr 1, wscale 10>',
    '4500003c000040004006ae94c6120001c612000200509c40b229e82effffffffa012fe88ee100000020405b40402080a7a581de9000000010103030a',
  ],
  [
    '198.18.0.1:80 > 198.18.0.2:40000 PA seq 2989090863 ack 2 win 64 len 5 <TS val 2052595681 ecr 3, sack 12:16>',
    '45000045302e400040067e5dc6120001c612000200509c40b229e82f00000002b01800409f1a00000101080a7a581fe1000000030101050a0000000c0000001068656c6c6f',
  ],
  [
    '[2001:db8::1]:40118 > [2001:db8::2]:80 S seq 3637331738 win 64800 len 0 <mss 1440, sackOK, TS val 418618609 ecr 0, wscale 10>',
    '600348000028064020010db800000000000000000000000120010db80000000000000000000000029cb60050d8cd471a00000000a002fd207ca80000020405a00402080a18f39cf1000000000103030a',
  ],
  [
    '[2001:db8::1]:80 > [2001:db8::2]:40000 A seq 2930381071 ack 2 win 63 len 0 <TS val 3246166 ecr 3, sack 12:16>',
    '6002a764002c064020010db800000000000000000000000120010db800000000000000000000000200509c40aeaa110f00000002b010003fffff00000101080a00318856000000030101050a0000000c00000010',
  ],
  [
    '[2001:db8::1]:81 > [2001:db8::2]:40000 RA seq 0 ack 8 win 0 len 0',
    '600d96520014064020010db800000000000000000000000120010db800000000000000000000000200519c40000000000000000850140000b7c20000',
  ],
];

describe('decodePacket', () => {
  for (const [said, bytes] of CAPTURED) {
    it(`reads ${said}`, () => {
      const packet = decodePacket(hex(bytes));
      const ends = `${formatEndpoint(packet.from)} > ${formatEndpoint(packet.to)}`;
      expect(`${ends} ${formatSegment(packet)}`).to.equal(said);
    });
  }

  it('reads a packet whose checksums are wrong', () => {
    const [, packet, bytes] = PACKETS[1]!;
    const wrong = hex(bytes);
    wrong[10] = 0;
    wrong[36] = 0;
    expect(decodePacket(wrong)).to.deep.equal(packet);
  });

  it('refuses a protocol that is not TCP, naming it', () => {
    const udp = hex(PACKETS[0]![2]);
    udp[9] = 17;
    expect(() => decodePacket(udp))
      .to.throw('protocol is 17')
      .with.property('code', 'CW_DECODE');
  });

  it('refuses a packet that is too short for a TCP header', () => {
    const short = hex(PACKETS[0]![2]).subarray(0, 39);
    short[3] = 39;
    expect(() => decodePacket(short))
      .to.throw(/^tcp\.length at byte 0 is 19: /)
      .with.property('code', 'CW_DECODE');
  });
});

describe('encodePacket', () => {
  it('refuses an address of the other family', () => {
    expect(() => encodePacket({ family: 4, ...ENDS[6], ...PLAIN }))
      .to.throw("'2001:db8::2' is not an IPv4 address")
      .with.property('code', 'CW_ADDRESS');
    expect(() => encodePacket({ family: 6, ...ENDS[4], ...PLAIN }))
      .to.throw("'198.18.0.2' is not an IPv6 address")
      .with.property('code', 'CW_ADDRESS');
  });

  it('takes the longest payload of its family, and no more', () => {
    for (const [family, most] of [
      [4, 65_495],
      [6, 65_515],
    ] as const) {
      const longest = { family, ...ENDS[family], ...PLAIN, payload: new Uint8Array(most).fill(0xff) };
      const bytes = encodePacket(longest);
      expect(hasValidChecksums(bytes)).to.equal(true);
      expect(decodePacket(bytes)).to.deep.equal(longest);
      const longer = { ...longest, payload: new Uint8Array(most + 1) };
      expect(() => encodePacket(longer))
        .to.throw(/payload length/)
        .with.property('code', 'CW_ENCODE');
    }
  });
});
