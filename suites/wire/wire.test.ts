import { expect } from 'chai';
import { runCases, type Case, type WireCase } from '#case';
import { seqAdd } from '#tcp';
import corrupted from './corrupted.case.ts';
import duplicated from './duplicated.case.ts';
import finLost from './fin-lost.case.ts';
import finalAckLost from './final-ack-lost.case.ts';
import finsCross from './fins-cross.case.ts';
import lastAckLost from './last-ack-lost.case.ts';
import oneWayPartition from './one-way-partition.case.ts';
import reordered from './reordered.case.ts';
import synLost from './syn-lost.case.ts';

/** Echoes lines; `quit` makes it close first. */
const SERVER = `
  require('node:net').createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    socket.on('end', () => socket.end());
    socket.on('data', (bytes) => (String(bytes) === 'quit\\n' ? socket.end('bye\\n') : socket.write(bytes)));
  }).listen(Number(process.argv[1]), process.argv[2]);`;

const echo = {
  name: 'echo of the test',
  title: 'echo',
  install: '',
  find: () => ({ program: process.execPath, version: '' }),
  greeting: { send: 'hello\n', reply: /^hello\n$/ },
  traits: { closesFirst: { send: 'quit\n', reply: /^bye\n$/ }, closesOnFin: true },
  plan: ({
    addresses,
    ports,
  }: {
    addresses: readonly string[];
    ports: Readonly<Record<string, number>>;
  }) => ({
    command: [process.execPath, '-e', SERVER, String(ports.main), addresses[0]!] as [string, ...string[]],
  }),
  ready: 'tcp',
  anyFamily: true,
} as const;

/** Longer than a SYN takes to come again. */
const PATIENCE_MS = 1500;

type Sabotage = (t: WireCase) => unknown;

/** No kernel at hand does TCP wrongly: a rule of the wire, unknown to the case, makes it look as if one did. */
const WRONG: readonly [Case, string, Sabotage][] = [
  [
    finalAckLost,
    'a SYN-ACK that is never sent again',
    ({ wire }) => wire.rule({ from: 'server', flags: 'SA', retransmission: true }).drop(),
  ],
  [
    synLost,
    'a SYN that is never sent again',
    ({ wire }) => wire.rule({ from: 'client', flags: 'S', retransmission: true }).drop(),
  ],
  [
    finsCross,
    "a server's FIN that is acknowledged before it came",
    ({ wire }) =>
      wire.rule({ from: 'client', has: 'F' }).rewrite(({ tcp }) => {
        tcp.ack = seqAdd(tcp.ack, 1);
      }),
  ],
  [
    finLost,
    'a FIN that is never sent again',
    ({ wire }) => wire.rule({ from: 'server', has: 'F', retransmission: true }).drop(),
  ],
  [
    lastAckLost,
    'a FIN that is never sent again',
    ({ wire }) => wire.rule({ from: 'server', has: 'F', retransmission: true }).drop(),
  ],
  [oneWayPartition, 'an answer with a byte that was not sent', flipAnswer],
  [
    oneWayPartition,
    'a request that is never sent again',
    ({ wire }) => wire.rule({ from: 'client', retransmission: true }).drop(),
  ],
  [reordered, 'an answer with a byte that was not sent', flipAnswer],
  [
    reordered,
    'a segment that came early and is not kept, nor sent again',
    ({ wire }) => {
      wire.rule({ from: 'client', length: [1, Infinity], nth: 2 }).drop();
      wire.rule({ from: 'client', retransmission: true }).drop();
    },
  ],
  [duplicated, 'an answer with a byte that was not sent', flipAnswer],
  [corrupted, 'what is never sent again', ({ wire }) => wire.rule({ retransmission: true }).drop()],
  [
    corrupted,
    'a checksum that nobody looks at',
    (t) => {
      const connect = t.client.bind(t);
      // Behind the rules of the case: the kernel finds the checksum right.
      t.client = (options) => {
        t.wire.rule({ from: 'client', length: [1, Infinity], nth: 1 }).rewrite(() => undefined);
        return connect(options);
      };
    },
  ],
];

/** With a right checksum, so that the kernel cannot know. */
function flipAnswer({ wire }: WireCase): void {
  wire.rule({ from: 'server', length: [1, Infinity] }).rewrite(({ tcp }) => {
    tcp.payload[0]! ^= 0x20;
  });
}

function sabotaged(testCase: Case, sabotage: Sabotage): Case {
  const { definition } = testCase;
  const wire = async (t: WireCase): Promise<void> => {
    sabotage(t);
    await definition.wire!(t);
  };
  return { ...testCase, definition: { ...definition, wire } };
}

async function verdictsOf(cases: readonly Case[]): Promise<string[]> {
  const plan = {
    targets: [echo],
    cases,
    families: [4],
    plane: 'wire',
    seed: 1,
    repeat: 1,
    slow: false,
    caseTimeoutMs: PATIENCE_MS,
  } as const;
  const { cases: results } = await runCases(plan, {});
  return results.map(({ id, verdict, reason }) => `${id} ${verdict} ${reason}`.trim());
}

describe('suites/wire', () => {
  const sound = [...new Set(WRONG.map(([testCase]) => testCase))];
  /** In two runs, since one has each case once. */
  const isSecond = (at: number): boolean => WRONG.findIndex(([testCase]) => testCase === WRONG[at]![0]) < at;
  const found = new Map<number, string>();

  before(async function () {
    for (const second of [false, true]) {
      const places = WRONG.map((_, at) => at).filter((at) => isSecond(at) === second);
      const cases = places.map((at) => sabotaged(WRONG[at]![0], WRONG[at]![2]));
      const verdicts = await verdictsOf(cases).catch((error: { code?: string }) => {
        if (error.code === 'CW_PLANE') this.skip();
        throw error;
      });
      places.forEach((at, place) => found.set(at, verdicts[place]!));
    }
  });

  it('passes on a server whose kernel does TCP well', async () => {
    expect(sound).to.have.lengthOf(9);
    expect(await verdictsOf(sound)).to.deep.equal(sound.map(({ id }) => `${id} pass`));
  });

  WRONG.forEach(([{ id }, what], at) => {
    it(`${id} finds ${what}`, () => {
      expect(found.get(at)).to.match(new RegExp(`^${id} fail .`));
    });
  });
});
