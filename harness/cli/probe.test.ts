import { expect } from 'chai';
import type { Finding } from '#target';
import { main } from './main.ts';
import { fakeIo, fakeRegistry, target } from './testing/registry.ts';

const FINDINGS: readonly Finding[] = [
  { name: 'backlog', value: 511, seen: 'Send-Q', tried: true },
  { name: 'defersAccept', value: true, seen: 'half-open', tried: true },
  { name: 'closesOnFin', value: true, seen: 'at once', tried: true },
  { name: 'halfClose', value: 'respond', seen: 'whole, then \x1b[2JFIN', tried: true },
  { name: 'halfCloseSlow', value: null, seen: 'not tried: no slow answer', tried: false },
  {
    name: 'idleMs',
    value: 2100,
    seen: 'closed after 2010 ms',
    tried: true,
    measuredMs: 2010,
    waitedMs: 9000,
  },
  { name: 'bodyMs', value: null, seen: 'not within 9 s', tried: true, measuredMs: null, waitedMs: 9000 },
];

async function probe(argv: string[], findings = FINDINGS, traits = {}) {
  const { fake, registry } = fakeRegistry();
  fake.findings = findings;
  const io = fakeIo();
  const known = target('echo', '1.0', { traits });
  const code = await main(
    ['probe', ...argv],
    { ...registry, targets: [known, ...registry.targets.slice(1)] },
    io,
  );
  return { code, out: io.out(), err: io.err(), fake };
}

describe('closewait probe', () => {
  it('prints what was learned as configuration and as flags', async () => {
    const { code, out, fake } = await probe(['--exec', 'x', '--case-timeout', '2.5', '--plane', 'loopback']);
    expect([code, fake.probed]).to.deep.equal([0, [{ name: 'server', plane: 'loopback', waitMs: 2500 }]]);
    expect(out).to.equal(`\
// server 1.0: the server server
// A time is a bound: what was measured and a quarter, a second at least; idle is rounded up to the next 0.1 s.
traits: {
  backlog: 511,                   // Send-Q
  defersAccept: { port: 'main' }, // half-open
  closesOnFin: true,              // at once
  policy: {
    halfClose: 'respond', // whole, then \\x1b[2JFIN
    // halfCloseSlow: not tried: no slow answer
  },
  timeouts: {
    idle: 2100, // closed after 2010 ms
    // body: not within 9 s
  },
},

--trait backlog=511 --trait halfClose=respond --trait idleMs=2100
`);
  });

  it('prints JSON, in which traits are as they are configured', async () => {
    const { out } = await probe(['127.0.0.1:7000', '--json']);
    const { traits, flags, findings } = JSON.parse(out) as Record<string, unknown>;
    expect(traits).to.deep.equal({
      backlog: 511,
      defersAccept: { port: 'main' },
      closesOnFin: true,
      policy: { halfClose: 'respond' },
      timeouts: { idle: 2100 },
    });
    expect(flags).to.deep.equal([
      '--trait',
      'backlog=511',
      '--trait',
      'halfClose=respond',
      '--trait',
      'idleMs=2100',
    ]);
    expect(findings).to.have.length(FINDINGS.length);
  });

  describe('of a server that declares', () => {
    const declared = {
      backlog: 511,
      closesOnFin: true,
      defersAccept: { port: 'main' },
      policy: { halfClose: 'respond', halfCloseSlow: 'close' },
      timeouts: { idle: 1200, body: 9000 },
    };

    it('what it does: says so, and forgives times that are late by less than a second', async () => {
      expect((await probe(['echo'], FINDINGS, declared)).out).to.equal('echo 1.0 does what it declares\n');
    });

    it('something else: says what differs', async () => {
      const traits = { ...declared, policy: { halfClose: 'close' }, timeouts: { idle: 1000, body: 2000 } };
      const { out } = await probe(['echo'], FINDINGS, traits);
      expect(out.split('\n').slice(2)).to.deep.equal([
        'traits: {',
        '  policy: {',
        "    halfClose: 'respond', // declared: close; whole, then \\x1b[2JFIN",
        '  },',
        '  timeouts: {',
        '    idle: 2100, // declared: 1000; closed after 2010 ms',
        '    // body: declared: 2000; not within 9 s',
        '  },',
        '},',
        '',
        '--trait halfClose=respond --trait idleMs=2100',
        '',
      ]);
    });

    it('nothing: says what it does', async () => {
      const { out } = await probe(['echo', '--json']);
      const { differences } = JSON.parse(out) as { differences: { name: string; declared: null }[] };
      expect(differences.map(({ name, declared: told }) => [name, told])).to.deep.equal([
        ['backlog', null],
        ['defersAccept', null],
        ['closesOnFin', null],
        ['halfClose', null],
        ['idleMs', null],
      ]);
    });
  });

  const wrong: [string[], number, string][] = [
    [[], 64, 'no server is named'],
    [['echo', 'nginx'], 64, 'probe takes one server'],
    [['echo', '--exec', 'x'], 64, 'probe takes one server'],
    [['states'], 64, "'states' is a case, and probe takes a server"],
    [['ngnix'], 64, "did you mean the target 'nginx'?"],
    [['redis'], 3, "the target 'redis' is not installed here"],
    [['echo', '--trait', 'drain=drain'], 64, '--trait tells of a server of your own'],
    [['echo', '--case-timeout', '0'], 64, '--case-timeout 0: it is a number of seconds from 0.5 to 600'],
    [['echo', '--slow'], 64, 'unknown flag --slow'],
  ];
  for (const [argv, exit, message] of wrong) {
    it(`${argv.join(' ') || 'no argument'} exits ${exit}`, async () => {
      const { code, err, fake } = await probe(argv);
      expect([code, fake.probed]).to.deep.equal([exit, []]);
      expect(err).to.include(message);
    });
  }
});
