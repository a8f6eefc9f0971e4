import { expect } from 'chai';
import { segment } from './segment.ts';
import { seq } from './seq.ts';
import { emitTcp, parseTcp, TcpView } from './tcp.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** A segment that Linux 6.18 wrote: it repeats "hello" and selectively acknowledges 4 bytes. */
const DATA =
  '00509c40b229e82f00000002b01800409f1a0000' +
  '0101080a7a581fe1000000030101050a0000000c00000010' +
  '68656c6c6f';

/** Every field: a value that fills it, and the bits of the header that are its own. */
const FIELDS: readonly (readonly [field: keyof TcpView, full: number, bits: string])[] = [
  ['sourcePort', 0xffff, 'ffff000000000000000000000000000000000000'],
  ['destinationPort', 0xffff, '0000ffff00000000000000000000000000000000'],
  ['seq', 0xffffffff, '00000000ffffffff000000000000000000000000'],
  ['ack', 0xffffffff, '0000000000000000ffffffff0000000000000000'],
  ['dataOffset', 0xf, '000000000000000000000000f000000000000000'],
  ['reserved', 0xf, '0000000000000000000000000f00000000000000'],
  ['flags', 0xff, '00000000000000000000000000ff000000000000'],
  ['window', 0xffff, '0000000000000000000000000000ffff00000000'],
  ['checksum', 0xffff, '00000000000000000000000000000000ffff0000'],
  ['urgent', 0xffff, '000000000000000000000000000000000000ffff'],
];

describe('TcpView', () => {
  for (const [field, full, bits] of FIELDS) {
    it(`${field} is the bits ${bits}, and no others`, () => {
      const zeros = new TcpView(new Uint8Array(20));
      expect(zeros[field]).to.equal(0);
      Object.assign(zeros, { [field]: full });
      expect(text(zeros.bytes)).to.equal(bits);
      expect(zeros[field]).to.equal(full);

      const ones = new TcpView(new Uint8Array(20).fill(0xff));
      Object.assign(ones, { [field]: 0 });
      expect(text(ones.bytes.map((byte) => byte ^ 0xff))).to.equal(bits);
    });
  }

  it('reads a segment of the kernel', () => {
    const view = new TcpView(hex(DATA)).check();
    expect([view.sourcePort, view.destinationPort]).to.deep.equal([80, 40_000]);
    expect([view.seq, view.ack]).to.deep.equal([0xb229e82f, 2]);
    expect([view.dataOffset, view.headerLength, view.reserved]).to.deep.equal([11, 44, 0]);
    expect([view.flags, view.window, view.checksum, view.urgent]).to.deep.equal([0x18, 64, 0x9f1a, 0]);
    expect(text(view.options)).to.equal(DATA.slice(40, 88));
    expect(text(view.payload)).to.equal('68656c6c6f');
  });

  it('holds a data offset that is nonsense, and gives what bytes there are', () => {
    const view = new TcpView(hex(DATA));
    view.dataOffset = 0;
    expect(text(view.options)).to.equal('');
    expect(text(view.payload)).to.equal(text(view.bytes));
    view.dataOffset = 15;
    expect(text(view.options)).to.equal(DATA.slice(40));
    expect(text(view.payload)).to.equal('');
  });

  it('holds an option with an illegal length, which the parser refuses', () => {
    const view = new TcpView(hex(DATA));
    view.options[3] = 0;
    expect(text(view.options)).to.match(/^01010800/);
    expect(() => parseTcp(view.bytes))
      .to.throw(/^tcp\.options at byte 23 is 0: /)
      .with.property('code', 'CW_DECODE');
  });

  it('needs the fixed header', () => {
    expect(() => new TcpView(new Uint8Array(19)))
      .to.throw(/^tcp\.length at byte 0 is 19: /)
      .with.property('code', 'CW_DECODE');
  });
});

describe('parseTcp', () => {
  it('gives what a segment means', () => {
    expect(parseTcp(hex(DATA))).to.deep.equal({
      sourcePort: 80,
      destinationPort: 40_000,
      seq: 0xb229e82f,
      ack: 2,
      flags: 0x18,
      window: 64,
      urgent: 0,
      options: [
        { kind: 'timestamps', value: 0x7a581fe1, echo: 3 },
        { kind: 'sack', blocks: [[12, 16]] },
      ],
      payload: hex('68656c6c6f'),
    });
  });

  for (const [offset, problem] of [
    [4, '5 words or more'],
    [13, 'only 49 bytes'],
  ] as const) {
    it(`refuses a data offset of ${offset}`, () => {
      const view = new TcpView(hex(DATA));
      view.dataOffset = offset;
      expect(() => parseTcp(view.bytes))
        .to.throw(new RegExp(`^tcp\\.dataOffset at byte 12 is ${offset}: .*${problem}`))
        .with.property('code', 'CW_DECODE');
    });
  }
});

describe('emitTcp', () => {
  const ports = { sourcePort: 80, destinationPort: 40_000 };

  it('writes header, options and payload after the room for an IP header, no checksum', () => {
    const bytes = emitTcp(
      {
        ...segment({ flags: 'PA', seq: seq(0xb229e82f), ack: seq(2), window: 64, urgent: 0x1234 }),
        options: [{ kind: 'window-scale', shift: 7 }],
        payload: hex('68656c6c6f'),
      },
      ports,
      3,
    );
    expect(text(bytes)).to.equal('00000000509c40b229e82f0000000260180040000012340303070068656c6c6f');
  });

  it('refuses what does not fit', () => {
    const refused = (message: RegExp, emit: () => Uint8Array): void => {
      expect(emit).to.throw(message).with.property('code', 'CW_ENCODE');
    };
    refused(/sourcePort is 65536/, () => emitTcp(segment({}), { ...ports, sourcePort: 65_536 }));
    refused(/destinationPort is -1/, () => emitTcp(segment({}), { ...ports, destinationPort: -1 }));
    refused(/flags is 256/, () => emitTcp(segment({ flags: 256 }), ports));
    refused(/window is 65536/, () => emitTcp(segment({ window: 65_536 }), ports));
    refused(/urgent is 0.5/, () => emitTcp(segment({ urgent: 0.5 }), ports));
  });
});
