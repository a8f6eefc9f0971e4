import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';
import { fdLimit, setFdLimit } from '#sys';
import { raiseFds } from './raise-fds.ts';

const LOW = 64n;

describe('raiseFds', function () {
  before(function () {
    if (process.platform !== 'linux') this.skip();
  });

  it('raises a limit as far as it must, and gives back what was', async () => {
    await withChild(LOW, 200n, (pid) => {
      const raised = raiseFds([pid], 100);
      expect(raised.short).to.deep.equal([]);
      expect(fdLimit(pid)).to.deep.equal({ soft: 100n, hard: 200n });
      raised.restore();
      expect(fdLimit(pid)).to.deep.equal({ soft: LOW, hard: 200n });
    });
  });

  it('lowers none', async () => {
    await withChild(LOW, 200n, (pid) => {
      raiseFds([pid], 10);
      expect(fdLimit(pid).soft).to.equal(LOW);
    });
  });

  it('goes as far as the kernel lets us, and tells how far that is', async () => {
    // More than fs.nr_open lets anybody have.
    await withChild(LOW, 200n, (pid) => {
      expect(raiseFds([pid], 2 ** 31).short).to.deep.equal([{ pid, limit: 200 }]);
    });
  });

  it('takes no notice of a process that is gone', () => {
    expect(raiseFds([2 ** 22 + 1], 100).short).to.deep.equal([]);
  });
});

async function withChild(soft: bigint, hard: bigint, work: (pid: number) => void): Promise<void> {
  const child = spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] });
  await once(child, 'spawn');
  try {
    setFdLimit(child.pid!, { soft, hard });
    work(child.pid!);
  } finally {
    child.stdin.end();
    await once(child, 'exit');
  }
}
