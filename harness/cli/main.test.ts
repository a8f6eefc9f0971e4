import { expect } from 'chai';
import type { CaseInfo } from '#case';
import { main } from './main.ts';
import { fakeIo, fakeRegistry, target } from './testing/registry.ts';

async function closewait(argv: string[], changes: object = {}) {
  const { registry } = fakeRegistry();
  const io = fakeIo();
  const code = await main(argv, { ...registry, ...changes }, io);
  return { code, out: io.out(), err: io.err() };
}

describe('closewait', () => {
  it('--version prints the version', async () => {
    for (const flag of ['--version', '-v'])
      expect(await closewait([flag])).to.include({ code: 0, out: '0.1.0\n' });
  });

  it('--help names every command and what exit codes mean', async () => {
    const { code, out } = await closewait(['--help']);
    expect(code).to.equal(0);
    for (const word of ['run', 'list', 'explain', 'doctor', 'targets', 'probe', 'proxy', 'exit codes: 0'])
      expect(out).to.include(word);
  });

  for (const command of ['run', 'list', 'explain', 'doctor', 'targets', 'probe', 'proxy']) {
    it(`${command} --help tells how to call it`, async () => {
      const { code, out, err } = await closewait([command, '--help']);
      expect([code, err]).to.deep.equal([0, '']);
      expect(out)
        .to.match(new RegExp(`^usage: closewait ${command}\\b`))
        .and.include('-h, --help');
    });
  }

  it('run --help names every flag with its values', async () => {
    const { out } = await closewait(['run', '-h']);
    for (const words of [
      '--exec CMD',
      '--family 4|6|both',
      '--plane wire|loopback',
      '--require-privileged ',
    ]) {
      expect(out).to.include(`  ${words}`);
    }
    expect(Math.max(...out.split('\n').map((line) => line.length))).to.be.at.most(120);
  });

  const wrong: [string[], string][] = [
    [[], 'no command is given'],
    [['rnu'], "there is no command 'rnu'; did you mean 'closewait run'?"],
    [['nginx'], "there is no command 'nginx'; did you mean 'closewait run nginx'?"],
    [['states/**'], "there is no command 'states/**'; did you mean 'closewait run states/**'?"],
    [['wwwwwwwwww'], "there is no command 'wwwwwwwwww' ["],
    [['--vrsion'], 'unknown flag --vrsion; did you mean --version?'],
    [['list', 'sates'], "no case matches 'sates'; did you mean 'states'?"],
    [['list', '--jsn'], 'unknown flag --jsn; did you mean --json?'],
    [['explain'], 'explain takes one case'],
    [['explain', 'a/b', 'c/d'], 'explain takes one case'],
    [
      ['explain', 'states/closewait'],
      "there is no case 'states/closewait'; did you mean 'states/close-wait'?",
    ],
    [['explain', '--json'], 'unknown flag --json'],
    [['targets', 'x'], 'targets takes no argument'],
    [['doctor', 'x'], 'doctor takes no argument'],
    [['proxy', 'x'], "proxy takes no argument: 'x'"],
    [['proxy', '--seed', '1.5'], '--seed 1.5: it is a whole number'],
  ];
  for (const [argv, message] of wrong) {
    it(`${argv.join(' ') || 'no argument'} exits 64`, async () => {
      const { code, out, err } = await closewait(argv);
      expect([code, out]).to.deep.equal([64, '']);
      expect(err).to.include(`closewait: ${message}`).and.include('\n  remedy: ');
    });
  }

  it('ends quietly when the reader of its output has gone, and not for another error', async () => {
    const { registry } = fakeRegistry();
    const io = fakeIo();
    let onError: ((error: NodeJS.ErrnoException) => void) | undefined;
    const stdout = { ...io.stdout, on: (_event: 'error', listener: typeof onError) => (onError = listener) };
    expect(await main(['list'], registry, { ...io, stdout })).to.equal(0);
    expect(() => onError!(Object.assign(new Error(), { code: 'EPIPE' }))).to.not.throw();
    expect(() => onError!(Object.assign(new Error('disk'), { code: 'EIO' }))).to.throw('disk');
  });
});

describe('closewait list', () => {
  it('shows id, level, planes, slow and source', async () => {
    expect((await closewait(['list', 'states/time-wait-lasts', 'close'])).out).to.equal(
      [
        'case                    level   planes         slow  lasts   source',
        'close/rebind            should  loopback                     RFC 9293 §3.6',
        'states/time-wait-lasts  must    wire,loopback  slow  60.8 s  RFC 9293 §3.6',
        '',
        'closewait explain CASE says what a case does and why.',
        '',
      ].join('\n'),
    );
  });

  it('names the RFC once for all of its sections', async () => {
    const [first] = fakeRegistry().registry.cases;
    const refs = [
      { rfc: 9293, section: '3.3.2' },
      { rfc: 9293, section: '3.10.7.4' },
      { issue: 'golang/go#18527' },
    ];
    const { out } = await closewait(['list'], { cases: [{ ...first!, refs }] });
    expect(out).to.include('RFC 9293 §3.3.2, §3.10.7.4, golang/go#18527\n');
  });

  it('--json prints all that is known of each', async () => {
    const { out } = await closewait(['list', '--json']);
    expect(JSON.parse(out) as CaseInfo[]).to.deep.equal(fakeRegistry().registry.cases);
  });
});

describe('closewait explain', () => {
  it('tells level, steps, expected, why, quote, planes and how to run it', async () => {
    expect((await closewait(['explain', 'states/time-wait-lasts'])).out).to.equal(`\
states/time-wait-lasts   MUST
the title of states/time-wait-lasts

steps:
  1. Connect.
  2. Send a FIN.

expected:
  CLOSE_WAIT

why:
  The server has not closed yet.

RFC 9293 §3.6:
  | CLOSE is an operation meaning "I have no more data to send."

planes: wire, loopback; slow: waits for a long protocol timer
lasts about 60.8 s: TIME_WAIT is a minute
run it: closewait run states/time-wait-lasts --slow
`);
  });
});

describe('closewait targets', () => {
  const known = [
    target('echo', '20.20.2', { install: '', title: 'echo on node:net' }),
    target('redis', null, {
      traits: {
        closesFirst: { send: 'QUIT', reply: /OK/ },
        largeThenCloses: { send: 'GET', bytes: 9000 },
        dials: { send: () => '' },
        defersAccept: { port: 'deferred' },
        slow: { send: 'WAIT', reply: /OK/, afterMs: 1000 },
        timeouts: { idle: 2000 },
        backlog: 16,
        policy: { halfClose: 'close' },
      },
    }),
  ];

  it('shows the version or the command that installs it, and the traits in words', async () => {
    expect((await closewait(['targets'], { targets: known })).out).to.equal(`\
target  version        about
echo    20.20.2        echo on node:net
redis   not installed  the server redis
                       install: apt-get install redis
                       can: close first; close behind 9000 bytes; dial out; defer accept, on its port 'deferred'; answer
                            late
                       declares: halfClose=close idleMs=2000 backlog=16

A server of your own: closewait run --exec "node server.js {port}"
`);
  });

  it('--json', async () => {
    const { out } = await closewait(['targets', '--json'], { targets: known });
    expect(JSON.parse(out)[1]).to.deep.include({
      name: 'redis',
      installed: null,
      install: 'apt-get install redis',
      declares: { halfClose: 'close', idleMs: 2000, backlog: 16 },
      core: true,
    });
  });
});

describe('closewait doctor', () => {
  it('says what works, what does not and what mends it, and the plane of a run', async () => {
    expect(await closewait(['doctor'])).to.deep.equal({
      code: 0,
      err: '',
      out: `\
✓ user namespaces: allowed
✗ /dev/net/tun: mode 0600
    remedy: chmod 666 /dev/net/tun

A run here uses the wire plane: a private network, every packet in our hands, all eleven states.
`,
    });
  });

  it('exits 4 where no plane works', async () => {
    const { code, out } = await closewait(['doctor'], { doctor: async () => ({ items: [], plane: null }) });
    expect(code).to.equal(4);
    expect(out).to.include('No plane works here');
  });

  it('--json', async () => {
    const { out } = await closewait(['doctor', '--json']);
    expect(JSON.parse(out)).to.deep.equal(fakeRegistry().registry.doctor());
  });
});
