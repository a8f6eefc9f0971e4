import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';

/** Runs a proof in its short form. */
function prove(name: string, short: readonly string[], ...options: readonly string[]): string {
  const script = join(import.meta.dirname, `${name}.ts`);
  const args = ['--import', 'tsx', '--conditions=source', script, ...options, '--', ...short];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(status, `${stdout}${stderr}`).to.equal(0);
  return stdout;
}

describe('proofs, in short (npm run prove:kill, prove:silence)', function () {
  this.timeout(120_000);

  before(function () {
    if (process.platform !== 'linux') this.skip();
  });

  it('a run that is killed at any point leaves nothing', () => {
    // It waits for no timer of the kernel: the states that last are left out.
    const job = ['run', 'states', '--exclude', 'states/fin-wait-2-lasts'];
    expect(prove('prove-kill', job, '--points', '8')).to.match(
      /^killed at 8 points as root .*: nothing left/,
    );
  });

  it('a run sends no packet out of its labs', () => {
    expect(prove('prove-silence', ['run', 'nginx'])).to.match(
      /^\d+ cases ran on the wire, and no packet left/,
    );
  });
});
