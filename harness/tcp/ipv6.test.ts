import { expect } from 'chai';
import { emitIpv6, Ipv6View, parseIpv6 } from './ipv6.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const ADDRESSES = '20010db800000000000000000000000120010db8000000000000000000000002';
const SWAPPED = '20010db800000000000000000000000220010db8000000000000000000000001';
/** The TCP half of a RST that Linux 6.18 wrote to a TUN device. */
const RST = '00519c40000000000000000850140000b7c20000';
/** The TCP half of a SYN to a closed port. */
const SYN = '9c400051000000070000000050020064b7710000';

/** Every field: a value that fills it, and the bits of the header that are its own. */
const FIELDS: readonly (readonly [field: keyof Ipv6View, full: number | string, bits: string])[] = [
  ['version', 0xf, 'f000000000000000'.padEnd(80, '0')],
  ['trafficClass', 0xff, '0ff0000000000000'.padEnd(80, '0')],
  ['flowLabel', 0xfffff, '000fffff00000000'.padEnd(80, '0')],
  ['payloadLength', 0xffff, '00000000ffff0000'.padEnd(80, '0')],
  ['nextHeader', 0xff, '000000000000ff00'.padEnd(80, '0')],
  ['hopLimit', 0xff, '00000000000000ff'.padEnd(80, '0')],
  ['source', `ffff${':ffff'.repeat(7)}`, '0'.repeat(16) + 'f'.repeat(32) + '0'.repeat(32)],
  ['destination', `ffff${':ffff'.repeat(7)}`, '0'.repeat(48) + 'f'.repeat(32)],
];

describe('Ipv6View', () => {
  for (const [field, full, bits] of FIELDS) {
    it(`${field} is its own bits, and no others`, () => {
      const empty = typeof full === 'number' ? 0 : '::';
      const zeros = new Ipv6View(new Uint8Array(40));
      expect(zeros[field]).to.equal(empty);
      Object.assign(zeros, { [field]: full });
      expect(text(zeros.bytes)).to.equal(bits);
      expect(zeros[field]).to.equal(full);

      const ones = new Ipv6View(new Uint8Array(40).fill(0xff));
      Object.assign(ones, { [field]: empty });
      expect(text(ones.bytes.map((byte) => byte ^ 0xff))).to.equal(bits);
    });
  }

  it('reads a packet of the kernel', () => {
    const view = new Ipv6View(hex(`600d965200140640${ADDRESSES}${RST}`)).check();
    expect([view.version, view.trafficClass, view.flowLabel]).to.deep.equal([6, 0, 0xd9652]);
    expect([view.payloadLength, view.nextHeader, view.hopLimit]).to.deep.equal([20, 6, 64]);
    expect([view.source, view.destination]).to.deep.equal(['2001:db8::1', '2001:db8::2']);
    expect(text(view.payload)).to.equal(RST);
  });

  it('holds a length that is nonsense, and gives what bytes there are', () => {
    const view = new Ipv6View(hex(`600d965200140640${ADDRESSES}${RST}`));
    view.payloadLength = 0xffff;
    expect(text(view.payload)).to.equal(RST);
  });

  it('needs the fixed header', () => {
    expect(() => new Ipv6View(new Uint8Array(39)))
      .to.throw(/^ipv6\.length at byte 0 is 39: /)
      .with.property('code', 'CW_DECODE');
  });
});

/** Headers that Linux passed over to answer the SYN behind them: next header and bytes, each with the number of the one after. */
const PASSED: readonly (readonly [name: string, packet: string])[] = [
  ['hop-by-hop options', `60000000001c0040${SWAPPED}0600010400000000${SYN}`],
  [
    'hop-by-hop and destination options',
    `60000000002c0040${SWAPPED}3c0001040000000006011e0c000000000000000000000000${SYN}`,
  ],
  ['a fragment that is the whole packet', `60000000001c2c40${SWAPPED}0600000012345678${SYN}`],
  [
    'three kinds, one after the other',
    `6000000000340040${SWAPPED}3c00010400000000` +
      `2c011e0c000000000000000000000000` +
      `0600000012345678${SYN}`,
  ],
  ['a route with no segment left', `60000000001c2b40${SWAPPED}0600fd0000000000${SYN}`],
];

/** Headers that cannot be passed over: the number of the one that stops, and where it starts. */
const STOPPED: readonly (readonly [name: string, number: number, at: number, packet: string])[] = [
  ['the first of several fragments', 44, 40, `60000000001c2c40${SWAPPED}0600000112345678${SYN}`],
  ['a later fragment', 44, 40, `60000000001c2c40${SWAPPED}0600000812345678${SYN}`],
  ['a fragment far into the packet', 44, 40, `60000000001c2c40${SWAPPED}0600010012345678${SYN}`],
  ['a route with a segment left', 43, 40, `60000000001c2b40${SWAPPED}0600fd0100000000${SYN}`],
  ['options longer than the packet', 0, 40, `60000000001c0040${SWAPPED}0603010400000000${SYN}`],
  ['options longer than the length claims', 0, 40, `6000000000070040${SWAPPED}0600010400000000${SYN}`],
  ['a second header cut short', 60, 48, `60000000000c0040${SWAPPED}3c0001040000000006000104`],
  ['a header that is missing', 0, 40, `6000000000000040${SWAPPED}`],
];

describe('parseIpv6', () => {
  const header = {
    family: 6,
    source: '2001:db8::2',
    destination: '2001:db8::1',
    protocol: 6,
    hopLimit: 64,
  } as const;

  it('gives what a packet means, without what follows it', () => {
    const packet = hex(`6000000000140640${SWAPPED}${SYN}ffff`);
    expect(parseIpv6(packet)).to.deep.equal({ ...header, payload: hex(SYN) });
  });

  for (const [name, packet] of PASSED) {
    it(`passes over ${name}`, () => {
      expect(parseIpv6(hex(packet))).to.deep.equal({ ...header, payload: hex(SYN) });
    });
  }

  it('passes over an authentication header, whose length counts words', () => {
    const packet = hex(`60000000002c3340${SWAPPED}0604${'00'.repeat(22)}${SYN}`);
    expect(text(parseIpv6(packet).payload)).to.equal(SYN);
  });

  for (const [name, number, at, packet] of STOPPED) {
    it(`refuses ${name}`, () => {
      expect(() => parseIpv6(hex(packet)))
        .to.throw(new RegExp(`^ipv6\\.nextHeader at byte ${at} is ${number}: `))
        .with.property('code', 'CW_DECODE');
    });
  }

  it('refuses another version', () => {
    expect(() => parseIpv6(hex(`4000000000140640${SWAPPED}${SYN}`)))
      .to.throw(/^ipv6\.version at byte 0 is 4: /)
      .with.property('code', 'CW_DECODE');
  });

  it('refuses a length past the end', () => {
    expect(() => parseIpv6(hex(`6000000000150640${SWAPPED}${SYN}`)))
      .to.throw(/^ipv6\.payloadLength at byte 4 is 21: .*20 bytes/)
      .with.property('code', 'CW_DECODE');
  });

  it('comes back from emitIpv6', () => {
    const packet = new Uint8Array(45).fill(0xee);
    emitIpv6({ ...header, protocol: 253, hopLimit: 1 }, packet);
    expect(parseIpv6(packet)).to.deep.equal({
      ...header,
      protocol: 253,
      hopLimit: 1,
      payload: hex('eeeeeeeeee'),
    });
  });
});

describe('emitIpv6', () => {
  const header = {
    family: 6,
    source: '2001:db8::2',
    destination: '2001:db8::1',
    protocol: 6,
    hopLimit: 64,
  } as const;

  it('writes the header that the kernel answered, over whatever the buffer held', () => {
    const packet = hex('ee'.repeat(40) + SYN);
    emitIpv6(header, packet);
    expect(text(packet)).to.equal(`6000000000140640${SWAPPED}${SYN}`);
  });

  it('refuses what does not fit', () => {
    const packet = new Uint8Array(60);
    const refused = (message: RegExp, code: string, change: object, bytes = packet): void => {
      expect(() => emitIpv6({ ...header, ...change }, bytes))
        .to.throw(message)
        .with.property('code', code);
    };
    refused(/hopLimit is 256/, 'CW_ENCODE', { hopLimit: 256 });
    refused(/protocol is 256/, 'CW_ENCODE', { protocol: 256 });
    refused(/is 65536/, 'CW_ENCODE', {}, new Uint8Array(65_576));
    refused(/is -1/, 'CW_ENCODE', {}, new Uint8Array(39));
    refused(/'198.18.0.1' is not an IPv6 address/, 'CW_ADDRESS', { destination: '198.18.0.1' });
  });
});
