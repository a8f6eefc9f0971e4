import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';

describe('npm run prove:stress', function () {
  this.timeout(120_000);

  it('in its short form: the same verdicts five times, and nothing burns afterwards', () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        '--import',
        'tsx',
        '--conditions=source',
        join(import.meta.dirname, 'prove-stress.ts'),
        '--repeats',
        '5',
        '--select',
        'states',
      ],
      { encoding: 'utf8', cwd: join(import.meta.dirname, '..'), timeout: 100_000, killSignal: 'SIGKILL' },
    );
    expect(status, stdout + stderr).to.equal(0);
    const [, verdicts] = /^verdicts: (.*)$/m.exec(stdout) ?? [];
    expect(verdicts).to.match(/^pass \d+$/);
    expect(stdout).to.match(/^5 repeats of \d+ cases in /m);
    const [, pids = ''] = /; busy: ([\d, ]+)$/m.exec(stdout) ?? [];
    const burning = pids.split(', ').map(Number);
    expect(burning).to.have.length.above(0);
    expect(burning.filter(isAlive)).to.deep.equal([]);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
