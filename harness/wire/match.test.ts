import { expect } from 'chai';
import { CloseWaitError } from '#core';
import { segment, seq, type Packet, type SegmentFields } from '#tcp';
import type { Side } from '#trace';
import { matcher, type Match } from './match.ts';
import type { Passing } from './passing.ts';

const SERVER = { address: '198.18.0.1', port: 80 };
const CLIENT = { address: '198.18.0.2', port: 50000 };

/** A packet whose sender began with number 1000. */
function passing(from: Side, fields: SegmentFields, retransmission = false): Passing {
  const [source, to] = from === 'server' ? [SERVER, CLIENT] : [CLIENT, SERVER];
  const packet: Packet = { family: 4, from: source, to, ...segment({ seq: seq(1000), ...fields }) };
  const nothing = (): void => undefined;
  return {
    from,
    packet,
    bytes: new Uint8Array(0),
    origin: seq(1000),
    retransmission,
    arrive: nothing,
    tell: nothing,
  };
}

const data = (text: string, first = 1001): Passing =>
  passing('client', { flags: 'PA', seq: seq(first), payload: Buffer.from(text, 'latin1') });
const tuple = { family: 4, local: SERVER, remote: CLIENT } as const;

const CASES: readonly [string, Match, readonly Passing[], readonly Passing[]][] = [
  ['everything', {}, [data('x'), passing('server', { flags: 'S' })], []],
  ['a direction', { from: 'server' }, [passing('server', { flags: 'A' })], [data('x')]],
  [
    'exact flags, PSH aside',
    { flags: 'FA' },
    [passing('server', { flags: 'FA' }), passing('client', { flags: 'FPA' })],
    [passing('server', { flags: 'F' }), passing('server', { flags: 'FRA' })],
  ],
  [
    'flags that are there and not there',
    { has: 'F', lacks: 'R' },
    [passing('server', { flags: 'FPA' })],
    [passing('server', { flags: 'FRA' }), passing('server', { flags: 'A' })],
  ],
  ['a length', { length: [2, 3] }, [data('ab'), data('abc')], [data('a'), data('abcd')]],
  [
    'a range of relative numbers, across the wrap',
    { sequence: [3, 4] },
    [
      data('abc'),
      data('z', 1004),
      passing('client', { flags: 'FA', seq: seq(1003) }),
      { ...data('a', 1), origin: seq(-2) },
    ],
    [data('ab'), data('z', 1005), { ...data('abc'), origin: null }],
  ],
  ['a text in the payload', { payload: 'QUIT' }, [data('xQUITx')], [data('quit'), passing('client', {})]],
  ['a pattern in the payload', { payload: /^GET/ }, [data('GET /')], [data(' GET /')]],
  [
    'what was sent before',
    { retransmission: true },
    [passing('server', { flags: 'FA' }, true)],
    [passing('server', { flags: 'FA' })],
  ],
  [
    'one connection, from either end',
    { connection: { tuple } },
    [passing('server', { flags: 'A' }), data('x')],
    [{ ...data('x'), packet: { ...data('x').packet, from: { ...CLIENT, port: 50001 } } }],
  ],
];

describe('wire: which packets a rule is about', () => {
  const look = (side: Side) => (side === 'server' ? ('LAST_ACK' as const) : null);

  for (const [what, match, hits, misses] of CASES) {
    it(what, () => {
      const matches = matcher(match, look);
      expect(hits.map(matches)).to.deep.equal(hits.map(() => true));
      expect(misses.map(matches)).to.deep.equal(misses.map(() => false));
    });
  }

  it('a state that was just looked up; of a peer there is none', () => {
    const states: [Match, boolean][] = [
      [{ state: { server: 'LAST_ACK' } }, true],
      [{ state: { server: 'CLOSING' } }, false],
      [{ state: { client: 'TIME_WAIT' } }, false],
      [{ state: {} }, true],
    ];
    for (const [match, wanted] of states) expect(matcher(match, look)(data('x'))).to.equal(wanted);
  });

  it('looks nothing up for a packet that does not match otherwise', () => {
    let looks = 0;
    const counting = (): null => {
      looks += 1;
      return null;
    };
    matcher({ from: 'server', state: { server: 'LAST_ACK' } }, counting)(data('x'));
    expect(looks).to.equal(0);
  });

  for (const wrong of [
    { nth: 0 },
    { nth: [3, 2] },
    { chance: 1.5 },
    { chance: -1 },
    { length: [2, 1] },
    { sequence: [2, 1] },
    { payload: /x/g },
  ] as const satisfies readonly Match[]) {
    it(`refuses ${Object.keys(wrong)[0]} ${String(Object.values(wrong)[0])}`, () => {
      expect(() => matcher(wrong, look))
        .to.throw(CloseWaitError)
        .with.property('code', 'CW_RULE');
    });
  }
});
