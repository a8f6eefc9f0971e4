import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import type { RunResult } from '#trace';
import { closewait, type Outcome } from './testing/command.ts';
import { schemaErrors } from './testing/schema.ts';
import { ServerFiles } from './testing/servers.ts';
import { casesWith, notPassed } from './testing/verdicts.ts';

/** All states; but one case waits for timers of the kernel, and other tests have it. */
const QUICK = ['states', '--exclude', 'states/fin-wait-2-lasts'];

/** A server that dials out is what no command line tells of. */
const NEVER_DIALS = [4, 6].map(
  (family) =>
    `states/syn-sent exec IPv${family}: unsupported: exec never dials out, as far as closewait knows`,
);

describe('closewait run --exec', function () {
  this.timeout(60_000);

  let files: ServerFiles;
  before(() => {
    files = new ServerFiles();
  });
  after(() => files[Symbol.dispose]());

  const run = (command: string, ...args: string[]): Promise<Outcome> =>
    closewait('run', '--exec', command, ...args);
  const reasonOf = ({ cases }: RunResult, id: string): string =>
    cases.find((result) => result.id === id)?.reason ?? 'no such case';

  const sound = { http: 22, echo: 22, mute: 22 } as const;
  for (const [name, passes] of Object.entries(sound)) {
    it(`passes a server of the kind '${name}', and says that it never dials`, async () => {
      const { code, result, remains } = await run(files.command(name as keyof typeof sound), ...QUICK);
      expect(notPassed(result)).to.deep.equal(NEVER_DIALS);
      expect({ code, remains, passed: result.summary.pass }).to.deep.equal({
        code: 0,
        remains: [],
        passed: passes,
      });
      expect(schemaErrors(result)).to.deep.equal([]);
    });
  }

  it('has nothing against a sound server of which nobody tells anything, in all suites', async () => {
    const { code, result } = await run(files.command('http'));
    const verdicts = [...new Set(result.cases.map(({ verdict }) => verdict))].sort();
    expect({ code, verdicts, failed: casesWith('fail', result) }).to.deep.equal({
      code: 0,
      verdicts: ['info', 'pass', 'unsupported'],
      failed: [],
    });
  });

  it('waits for a server that is slow to accept', async () => {
    const { code, result } = await run(
      files.command('slow'),
      'states/{fin-wait-1,close-wait,last-ack}',
      '--family=4',
    );
    expect({ code, passed: casesWith('pass', result), reasons: notPassed(result) }).to.deep.equal({
      code: 0,
      passed: ['states/fin-wait-1 exec IPv4', 'states/close-wait exec IPv4', 'states/last-ack exec IPv4'],
      reasons: [],
    });
  });

  it("drives Python's web server", async function () {
    if (spawnSync('python3', ['--version']).status !== 0) this.skip();
    const { code, result } = await run(
      'python3 -m http.server --bind {host} {port}',
      ...QUICK,
      '--family',
      '4',
    );
    expect(notPassed(result)).to.deep.equal(NEVER_DIALS.slice(0, 1));
    expect(code).to.equal(0);
  });

  it('exits 3 for a server that listens on 127.0.0.1 alone, and tells the way out', async () => {
    const { code, stderr, remains } = await run(files.command('loopbackAlone'));
    expect({ code, remains }).to.deep.equal({ code: 3, remains: [] });
    expect(stderr).to.match(/it listens on 127\.0\.0\.1:\d+ \[CW_TARGET_START\]/);
    expect(stderr).to.include('run with --plane loopback');
  });

  it('which the way out then is', async () => {
    const { code, result } = await run(
      files.command('loopbackAlone'),
      'states/listen',
      'states/established',
      '--plane',
      'loopback',
    );
    expect({ code, passed: casesWith('pass', result) }).to.deep.equal({
      code: 0,
      passed: ['states/listen exec IPv4', 'states/established exec IPv4'],
    });
  });

  it('exits 3 for a server that ends when it is started, and shows its last words', async () => {
    const { code, stderr, remains, hasResult } = await run(files.command('endsAtOnce'));
    expect({ code, remains, hasResult }).to.deep.equal({ code: 3, remains: [], hasResult: false });
    expect(stderr).to.match(/exited with code 7 .*\n +reading settings\n +no such database\n/);
  });

  it('exits 3 when a server that died cannot be started again, with the cases so far', async () => {
    const cases = ['states/established', 'states/close-wait', 'states/closing'];
    const { code, result, stdout, remains } = await run(files.command('mortal'), ...cases, '--family=4');
    expect({ code, remains }).to.deep.equal({ code: 3, remains: [] });
    expect(result.cases.map(({ id }) => id)).to.have.members(cases);
    const [first, ...rest] = result.cases.filter(({ verdict }) => verdict === 'fail');
    expect(first!.reason).to.match(/^the server died \(exit code 1\)/);
    expect(rest).to.have.length.above(0);
    for (const { actual, reason } of rest) {
      expect(actual).to.equal('the server did not start');
      expect(reason)
        .to.include('exec exited with code 1 before it was ready')
        .and.include('the database is corrupt');
    }
    expect(stdout).to.include('the database is corrupt');
    expect(schemaErrors(result)).to.deep.equal([]);
  });

  it('catches a server that never closes what its client has closed', async () => {
    const { code, result, stdout } = await run(
      files.command('leaking'),
      'states/established',
      'states/close-wait',
      '--family=4',
    );
    expect(code).to.equal(1);
    const [first, second] = result.cases;
    // Each greeting leaks, too: no case is to blame for that.
    expect(first).to.deep.include({ id: 'states/established', verdict: 'pass' });
    expect(second).to.deep.include({ id: 'states/close-wait', verdict: 'fail', actual: 'CLOSE_WAIT' });
    expect(second!.reason).to.match(/^it leaks: 1 more file descriptors /);
    expect(second!.states.server.at(-1)?.state).to.equal('CLOSE_WAIT');
    expect(stdout).to.match(/left behind: 1 more file descriptors/);
    expect(schemaErrors(result)).to.deep.equal([]);
  });

  it('catches a server that dies of a reset, and goes on with a new one', async () => {
    const { code, result, remains } = await run(
      files.command('brittle'),
      'states/established',
      'states/close-wait',
    );
    expect({ code, remains, passed: casesWith('pass', result) }).to.deep.equal({
      code: 1,
      remains: [],
      passed: ['states/close-wait exec IPv4', 'states/close-wait exec IPv6'],
    });
    expect(casesWith('fail', result)).to.deep.equal([
      'states/established exec IPv4',
      'states/established exec IPv6',
    ]);
    expect(reasonOf(result, 'states/established')).to.equal(
      'the server died (exit code 1): fatal: ECONNRESET',
    );
    expect(schemaErrors(result)).to.deep.equal([]);
  });
});
