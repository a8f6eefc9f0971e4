import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';

const root = join(import.meta.dirname, '../..');

interface Report {
  readonly stats: { readonly passes: number; readonly failures: number; readonly pending: number };
  readonly passes: readonly { readonly fullTitle: string }[];
  readonly failures: readonly { readonly fullTitle: string; readonly err: { readonly message?: string } }[];
}

/** Runs Mocha in the clone as a user does who has one file in mind: with the hooks of .mocharc.json, and no file of its. */
async function mocha(...args: string[]): Promise<Report & { code: number | null }> {
  const program = join(root, 'node_modules/mocha/bin/mocha.js');
  const fixed = [
    '--no-config',
    '--no-package',
    '--require=./mocha.ts',
    '--forbid-only',
    '--fail-zero',
    '--reporter=json',
  ];
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--conditions=source', program, ...fixed, ...args],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], timeout: 40_000, killSignal: 'SIGKILL' },
  );
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [json, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  expect(json, errors).to.match(/^\s*\{/);
  return { ...(JSON.parse(json) as Report), code };
}

describe('a case file under plain Mocha', function () {
  this.timeout(60_000);

  it('works alone: a test for each target and family', async () => {
    const { code, stats, passes } = await mocha('suites/states/close-wait.case.ts');
    expect({ code, failures: stats.failures }).to.deep.equal({ code: 0, failures: 0 });
    const titles = passes.map(({ fullTitle }) =>
      fullTitle.replace(/^states\/close-wait: .* (?=\w+, IPv\d$)/, ''),
    );
    const expected = ['echo', 'http', 'nginx', 'redis'].flatMap((target) => [
      `${target}, IPv4`,
      `${target}, IPv6`,
    ]);
    expect(titles).to.include.members(expected);
  });

  it('fails when it forgets to await an assertion, although all else in it holds', async () => {
    const { code, stats, failures } = await mocha(
      'scripts/e2e/fixtures/suites/fixture/unawaited.case.ts',
      '--grep=echo, IPv4',
    );
    expect({ code, failures: stats.failures, passes: stats.passes }).to.deep.equal({
      code: 1,
      failures: 1,
      passes: 0,
    });
    expect(failures[0]!.err.message).to.match(/\[CW_UNAWAITED\] nobody awaited .*\.to\.reach\('TIME_WAIT'\)/);
  });
});
