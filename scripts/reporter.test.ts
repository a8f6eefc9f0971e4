import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';

const root = join(import.meta.dirname, '..');

/** Runs Mocha with our reporter on a fixture: exit code and output lines. */
function report(fixture: string, noSkips: '0' | '1'): { status: number | null; lines: string[] } {
  const { status, stdout } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/mocha/bin/mocha.js'),
      '--no-config',
      '--no-package',
      `--reporter=${join(root, 'scripts/reporter.mjs')}`,
      join(root, 'scripts/fixtures/reporter', fixture),
    ],
    { cwd: root, encoding: 'utf8', env: { ...process.env, CLOSEWAIT_NO_SKIPS: noSkips } },
  );
  return { status, lines: stdout.trimEnd().split('\n') };
}

describe('the closing line', () => {
  it('counts failing hooks as failures, and what they kept from running as skipped', () => {
    const { status, lines } = report('mixed.test.js', '0');
    expect(lines.at(-1)).to.equal('3 passed, 6 failed, 10 skipped');
    expect(status).to.equal(6);
  });

  it('leaves skipped tests be', () => {
    const { status, lines } = report('skipping.test.js', '0');
    expect(lines.at(-1)).to.equal('1 passed, 0 failed, 1 skipped');
    expect(status).to.equal(0);
  });

  it('names skipped tests and fails with CLOSEWAIT_NO_SKIPS=1', () => {
    const { status, lines } = report('skipping.test.js', '1');
    expect(lines.slice(-2)).to.deep.equal([
      '  skipping > needs a privilege',
      '1 passed, 0 failed, 1 skipped',
    ]);
    expect(status).to.equal(1);
  });
});
