import { expect } from 'chai';
import { emitIpv4, Ipv4View, parseIpv4 } from './ipv4.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** A RST that Linux 6.18 wrote to a TUN device. */
const RST = '45000028000040004006aea8c6120001c612000200519c40000000000000000850140000870f0000';
/** A SYN with three no-operations and an end in its IP options, which Linux answered. */
const WITH_OPTIONS =
  '4600002c000040004006aba3c6120002c6120001010101009c40005100000007000000005002006486be0000';

/** Every field: a value that fills it, and the bits of the header that are its own. */
const FIELDS: readonly (readonly [field: keyof Ipv4View, full: number | boolean | string, bits: string])[] = [
  ['version', 0xf, 'f000000000000000000000000000000000000000'],
  ['ihl', 0xf, '0f00000000000000000000000000000000000000'],
  ['dscp', 0x3f, '00fc000000000000000000000000000000000000'],
  ['ecn', 3, '0003000000000000000000000000000000000000'],
  ['totalLength', 0xffff, '0000ffff00000000000000000000000000000000'],
  ['identification', 0xffff, '00000000ffff0000000000000000000000000000'],
  ['reservedFlag', true, '0000000000008000000000000000000000000000'],
  ['dontFragment', true, '0000000000004000000000000000000000000000'],
  ['moreFragments', true, '0000000000002000000000000000000000000000'],
  ['fragmentOffset', 0x1fff, '0000000000001fff000000000000000000000000'],
  ['ttl', 0xff, '0000000000000000ff0000000000000000000000'],
  ['protocol', 0xff, '000000000000000000ff00000000000000000000'],
  ['checksum', 0xffff, '00000000000000000000ffff0000000000000000'],
  ['source', '255.255.255.255', '000000000000000000000000ffffffff00000000'],
  ['destination', '255.255.255.255', '00000000000000000000000000000000ffffffff'],
];

const EMPTY = { number: 0, boolean: false, string: '0.0.0.0' } as const;

describe('Ipv4View', () => {
  for (const [field, full, bits] of FIELDS) {
    it(`${field} is the bits ${bits}, and no others`, () => {
      const empty = EMPTY[typeof full as keyof typeof EMPTY];
      const zeros = new Ipv4View(new Uint8Array(20));
      expect(zeros[field]).to.equal(empty);
      Object.assign(zeros, { [field]: full });
      expect(text(zeros.bytes)).to.equal(bits);
      expect(zeros[field]).to.equal(full);

      const ones = new Ipv4View(new Uint8Array(20).fill(0xff));
      Object.assign(ones, { [field]: empty });
      expect(text(ones.bytes.map((byte) => byte ^ 0xff))).to.equal(bits);
    });
  }

  it('reads a packet of the kernel', () => {
    const view = new Ipv4View(hex(RST)).check();
    expect([view.version, view.ihl, view.headerLength, view.totalLength]).to.deep.equal([4, 5, 20, 40]);
    expect([view.dontFragment, view.moreFragments, view.fragmentOffset]).to.deep.equal([true, false, 0]);
    expect([view.ttl, view.protocol, view.checksum]).to.deep.equal([64, 6, 0xaea8]);
    expect([view.source, view.destination]).to.deep.equal(['198.18.0.1', '198.18.0.2']);
    expect(view.headerSum()).to.equal(0);
    expect(text(view.options)).to.equal('');
    expect(text(view.payload)).to.equal(RST.slice(40));
  });

  it('reads options', () => {
    const view = new Ipv4View(hex(WITH_OPTIONS)).check();
    expect(text(view.options)).to.equal('01010100');
    expect(view.headerSum()).to.equal(0);
  });

  it('holds lengths that are nonsense, and gives what bytes there are', () => {
    const view = new Ipv4View(hex(RST));
    view.ihl = 1;
    view.totalLength = 0xffff;
    expect(text(view.options)).to.equal('');
    expect(text(view.payload)).to.equal(RST.slice(8));
    view.totalLength = 2;
    expect(text(view.payload)).to.equal('');
  });

  it('needs the fixed header', () => {
    expect(() => new Ipv4View(hex(RST).subarray(0, 19)))
      .to.throw(/^ipv4\.length at byte 0 is 19: /)
      .with.property('code', 'CW_DECODE');
  });
});

/** What is wrong, the message, and how it comes about. */
const UNSOUND: readonly (readonly [message: RegExp, change: (view: Ipv4View) => void])[] = [
  [/^ipv4\.version at byte 0 is 6: /, (view) => (view.version = 6)],
  [/^ipv4\.ihl at byte 0 is 4: /, (view) => (view.ihl = 4)],
  [
    /^ipv4\.totalLength at byte 2 is 23: less than the header/,
    (view) => ((view.ihl = 6), (view.totalLength = 23)),
  ],
  [/^ipv4\.totalLength at byte 2 is 41: .*40 bytes/, (view) => (view.totalLength = 41)],
  [/^ipv4\.fragmentOffset at byte 6 is 0: a fragment/, (view) => (view.moreFragments = true)],
  [/^ipv4\.fragmentOffset at byte 6 is 185: a fragment/, (view) => (view.fragmentOffset = 185)],
];

describe('parseIpv4', () => {
  const header = {
    family: 4,
    source: '198.18.0.1',
    destination: '198.18.0.2',
    protocol: 6,
    hopLimit: 64,
  } as const;

  it('gives what a packet means', () => {
    expect(parseIpv4(hex(RST))).to.deep.equal({ ...header, payload: hex(RST.slice(40)) });
  });

  it('passes options over', () => {
    expect(text(parseIpv4(hex(WITH_OPTIONS)).payload)).to.equal(WITH_OPTIONS.slice(48));
  });

  it('leaves out what follows the packet', () => {
    expect(text(parseIpv4(hex(`${RST}0000`)).payload)).to.equal(RST.slice(40));
  });

  for (const [message, change] of UNSOUND) {
    it(`refuses a packet: ${message.source}`, () => {
      const view = new Ipv4View(hex(RST));
      change(view);
      expect(() => parseIpv4(view.bytes))
        .to.throw(message)
        .with.property('code', 'CW_DECODE');
    });
  }

  it('comes back from emitIpv4', () => {
    const packet = new Uint8Array(25).fill(0xee);
    emitIpv4({ ...header, protocol: 253, hopLimit: 1 }, packet);
    expect(parseIpv4(packet)).to.deep.equal({
      ...header,
      protocol: 253,
      hopLimit: 1,
      payload: hex('eeeeeeeeee'),
    });
  });
});

describe('emitIpv4', () => {
  const header = {
    family: 4,
    source: '198.18.0.1',
    destination: '198.18.0.2',
    protocol: 6,
    hopLimit: 64,
  } as const;

  it('writes the header that the kernel writes, over whatever the buffer held', () => {
    const packet = hex('ee'.repeat(20) + RST.slice(40));
    emitIpv4(header, packet);
    expect(text(packet)).to.equal(RST);
  });

  it('refuses what does not fit', () => {
    const packet = new Uint8Array(40);
    const refused = (message: RegExp, code: string, change: object, bytes = packet): void => {
      expect(() => emitIpv4({ ...header, ...change }, bytes))
        .to.throw(message)
        .with.property('code', code);
    };
    refused(/hopLimit is 256/, 'CW_ENCODE', { hopLimit: 256 });
    refused(/protocol is -1/, 'CW_ENCODE', { protocol: -1 });
    refused(/is 65516/, 'CW_ENCODE', {}, new Uint8Array(65_536));
    refused(/is -1/, 'CW_ENCODE', {}, new Uint8Array(19));
    refused(/'2001:db8::1' is not an IPv4 address/, 'CW_ADDRESS', { source: '2001:db8::1' });
  });
});
