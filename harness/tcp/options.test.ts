import { expect } from 'chai';
import { emitOptions, parseOptions, type TcpOption } from './options.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Options alone, and their bytes as RFC 9293 §3.2, RFC 7323 and RFC 2018 draw them, padded to words. */
const OPTIONS: readonly (readonly [option: TcpOption, bytes: string])[] = [
  [{ kind: 'mss', bytes: 1460 }, '020405b4'],
  [{ kind: 'mss', bytes: 0xffff }, '0204ffff'],
  [{ kind: 'window-scale', shift: 7 }, '03030700'],
  [{ kind: 'window-scale', shift: 255 }, '0303ff00'],
  [{ kind: 'sack-permitted' }, '04020000'],
  [{ kind: 'sack', blocks: [[1, 0xffffffff]] }, '050a00000001ffffffff0000'],
  [
    {
      kind: 'sack',
      blocks: [
        [1, 2],
        [0x80000000, 0x80000001],
      ],
    },
    '0512000000010000000280000000800000010000',
  ],
  [{ kind: 'timestamps', value: 0xfffefdfc, echo: 1 }, '080afffefdfc000000010000'],
  [{ kind: 'unknown', code: 254, data: hex('f989cafe') }, 'fe06f989cafe0000'],
  [{ kind: 'unknown', code: 34, data: hex('') }, '22020000'],
];

describe('TCP options', () => {
  for (const [option, bytes] of OPTIONS) {
    it(`${bytes} is ${option.kind}, and back`, () => {
      expect(text(emitOptions([option]))).to.equal(bytes);
      expect(parseOptions(hex(bytes))).to.deep.equal([option]);
    });
  }

  it('are those that Linux sends in a SYN: no-operations pass', () => {
    expect(parseOptions(hex('020405b40402080afb3f31e6000000000103030a'))).to.deep.equal([
      { kind: 'mss', bytes: 1460 },
      { kind: 'sack-permitted' },
      { kind: 'timestamps', value: 0xfb3f31e6, echo: 0 },
      { kind: 'window-scale', shift: 10 },
    ]);
  });

  it('are written one after the other, zeros after the last', () => {
    const options = parseOptions(hex('01010101020405b401030307'));
    expect(text(emitOptions(options))).to.equal('020405b403030700');
    expect(text(emitOptions([]))).to.equal('');
  });

  it('end at end-of-options, whatever follows', () => {
    expect(parseOptions(hex('0402000101ff'))).to.deep.equal([{ kind: 'sack-permitted' }]);
  });

  it('are read between start and end alone', () => {
    expect(parseOptions(hex('ffff0402ffff'), 2, 4)).to.deep.equal([{ kind: 'sack-permitted' }]);
  });

  it('keep their order and their doubles', () => {
    const options: TcpOption[] = [
      { kind: 'window-scale', shift: 1 },
      { kind: 'mss', bytes: 1 },
      { kind: 'mss', bytes: 2 },
    ];
    expect(parseOptions(emitOptions(options))).to.deep.equal(options);
  });
});

/** Bytes with an illegal length (RFC 9293 MUST-7), and the place of that length. */
const ILLEGAL: readonly (readonly [name: string, bytes: string, at: number])[] = [
  ['a length of 0', '02000000', 1],
  ['a length of 1', 'fe010000', 1],
  ['an MSS of 3 bytes', '020305', 1],
  ['an MSS of 6 bytes', '020605b40000', 1],
  ['a window scale of 4 bytes', '03040700', 1],
  ['SACK-permitted with data', '040300', 1],
  ['a SACK without a block', '0502', 1],
  ['a SACK with half a block', '050600000001', 1],
  ['timestamps of 6 bytes', '080600000001', 1],
  ['a length past the end', '0101fe03', 3],
  ['a known option past the end', '01020405', 2],
];

describe('TCP options with an illegal length', () => {
  for (const [name, bytes, at] of ILLEGAL) {
    it(`${name} is a decode error at byte ${at}`, () => {
      expect(() => parseOptions(hex(bytes)))
        .to.throw(new RegExp(`^tcp\\.options at byte ${at} is ${hex(bytes)[at]}: `))
        .with.property('code', 'CW_DECODE');
    });
  }

  it('a kind without a length is a decode error at the kind', () => {
    expect(() => parseOptions(hex('010102')))
      .to.throw(/^tcp\.options at byte 2 is 2: /)
      .with.property('code', 'CW_DECODE');
  });
});

/** Options that no header can carry, or that would be read as something else. */
const REFUSED: readonly (readonly [message: RegExp, options: readonly TcpOption[]])[] = [
  [/mss is 65536/, [{ kind: 'mss', bytes: 65_536 }]],
  [/mss is 1.5/, [{ kind: 'mss', bytes: 1.5 }]],
  [/window scale is -1/, [{ kind: 'window-scale', shift: -1 }]],
  [/timestamp value is NaN/, [{ kind: 'timestamps', value: Number.NaN, echo: 0 }]],
  [/timestamp echo is 4294967296/, [{ kind: 'timestamps', value: 0, echo: 2 ** 32 }]],
  [/right edge of a SACK block is -1/, [{ kind: 'sack', blocks: [[0, -1]] }]],
  [/no block/, [{ kind: 'sack', blocks: [] }]],
  [/256/, [{ kind: 'unknown', code: 256, data: hex('') }]],
  ...[0, 1, 2, 3, 4, 5, 8].map(
    (code) => [new RegExp(`^${code} `), [{ kind: 'unknown', code, data: hex('') }]] as const,
  ),
  [
    /timestamps, sack\) take 44 bytes.*40/,
    [
      { kind: 'timestamps', value: 0, echo: 0 },
      {
        kind: 'sack',
        blocks: [
          [1, 2],
          [3, 4],
          [5, 6],
          [7, 8],
        ],
      },
    ],
  ],
  [/take 41 bytes/, [{ kind: 'unknown', code: 254, data: new Uint8Array(39) }]],
];

describe('TCP options that cannot be written', () => {
  for (const [message, options] of REFUSED) {
    it(`are an encode error that matches ${message.source}`, () => {
      expect(() => emitOptions(options))
        .to.throw(message)
        .with.property('code', 'CW_ENCODE');
    });
  }

  it('are not those of exactly 40 bytes', () => {
    expect(emitOptions([{ kind: 'unknown', code: 254, data: new Uint8Array(38) }])).to.have.length(40);
  });
});
