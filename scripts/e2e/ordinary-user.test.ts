import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { isReexecuted } from '#lab';
import { built, Call, type Outcome } from './testing/command.ts';
import { AS_ORDINARY_USER, copyForEverybody } from './testing/ordinary-user.ts';
import { schemaErrors } from './testing/schema.ts';
import { casesWith, notPassed } from './testing/verdicts.ts';

/** Whether everybody may open the device that makes a TUN. */
const everybodysTun = ((statSync('/dev/net/tun', { throwIfNoEntry: false })?.mode ?? 0) & 0o006) === 0o006;

describe('closewait run, as an ordinary user', function () {
  this.timeout(60_000);

  let folder = '';
  let call: (...args: string[]) => Call;
  before(function () {
    // An ordinary user cannot become another; his own runs are those of the other tests.
    if (process.getuid?.() !== 0 || isReexecuted()) this.skip();
    folder = mkdtempSync(join(tmpdir(), 'closewait-everybody-'));
    const main = copyForEverybody(folder);
    call = (...args) => new Call(args, [...AS_ORDINARY_USER, process.execPath, main]);
  });
  after(() => {
    if (folder !== '') rmSync(folder, { recursive: true });
  });

  it('passes all of nginx, in a user namespace', async () => {
    const { code, result, remains, stderr } = await call('run', 'nginx', 'states/**').ended;
    expect(notPassed(result)).to.deep.equal([]);
    expect({ code, remains, stderr, passed: result.summary.pass }).to.deep.equal({
      code: 0,
      remains: [],
      stderr: '',
      passed: 26,
    });
    const link = everybodysTun ? 'tun' : 'veth';
    expect(result.environment).to.include({ user: 'ordinary', plane: 'wire', link });
    expect(schemaErrors(result)).to.deep.equal([]);
  });

  it('exits 143 by SIGTERM, and leaves nothing behind', async () => {
    const running = call('run', 'nginx', '--repeat', '1000');
    expect(await running.said(/^nginx .* is ready/m)).to.equal(true);
    running.signal('SIGTERM');
    const { code, stdout, remains } = await running.ended;
    expect({ code, remains }).to.deep.equal({ code: 143, remains: [] });
    expect(stdout).to.include('interrupted: only what is told here has run');
  });
});

describe('closewait run, where no network may be made', function () {
  this.timeout(60_000);

  // Root of a user namespace, who stays in a network that is not his: a container without capabilities has no more.
  const run = (...args: string[]): Promise<Outcome> => {
    const locked = ['unshare', '--user', '--map-root-user', ...built()];
    return new Call(['run', 'echo', 'states/listen', 'states/fin-wait-2-lasts', ...args], locked).ended;
  };

  it('runs on loopback, skips what that cannot do, and says why', async () => {
    const { code, result, stdout } = await run();
    expect(result.environment).to.include({ plane: 'loopback', link: 'none' });
    expect(result.environment.planeReason).to.match(/^no network namespace can be made \(.+\); ./);
    expect(stdout).to.include('not on the wire: no network namespace can be made');
    expect({ code, passed: casesWith('pass', result), skipped: result.summary.skipped }).to.deep.equal({
      code: 0,
      passed: ['states/listen echo IPv4', 'states/listen echo IPv6'],
      skipped: 2,
    });
  });

  it('exits 4 where the wire is asked for', async () => {
    const { code, stderr, hasResult, remains } = await run('--plane', 'wire');
    expect({ code, hasResult, remains }).to.deep.equal({ code: 4, hasResult: false, remains: [] });
    expect(stderr).to.match(/the wire cannot be had: .*\[CW_PLANE\]\n {2}remedy: ./);
  });
});
