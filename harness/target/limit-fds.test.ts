import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';
import { limitFds, limitFor } from './limit-fds.ts';

/** Opens as many descriptors as it can at each line that it is sent, closes them, and tells how many. */
const HUNGRY = `
const fs = require('node:fs');
process.stdin.on('data', () => {
  const open = [];
  let code;
  try { for (;;) open.push(fs.openSync('/dev/null')); } catch (error) { code = error.code; }
  for (const fd of open) fs.closeSync(fd);
  console.log(open.length, code);
});
console.log('ready');`;

describe('a limit on the descriptors of a process', () => {
  it('is the least number with so many free ones below it', () => {
    expect(limitFor([0, 1, 2], 4)).to.equal(7);
    expect(limitFor([0, 1, 2, 50, 60], 4)).to.equal(7);
    expect(limitFor([0, 2, 4], 4)).to.equal(7);
    expect(limitFor([0, 1], 1)).to.equal(3);
  });

  it('lets it open so many more, and as many as before once it is restored', async function () {
    if (process.platform !== 'linux') this.skip();
    const child = spawn('sh', ['-c', `ulimit -n 200; exec "$0" -e "$1"`, process.execPath, HUNGRY]);
    try {
      const told = async (): Promise<string> => {
        const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
        return chunk.toString().trim();
      };
      const eat = (): Promise<string> => {
        child.stdin.write('\n');
        return told();
      };
      expect(await told()).to.equal('ready');
      const before = await eat();
      expect(before).to.match(/^\d{3} EMFILE$/);
      const limits = limitFds(() => [child.pid!], 5);
      expect(limits.spare()).to.deep.equal([5]);
      expect(await eat()).to.equal('5 EMFILE');
      limits.restore();
      limits.restore();
      expect(await eat()).to.equal(before);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });

  it('is nothing for a process that is gone', () => {
    const limits = limitFds(() => [2 ** 22 + 1], 5);
    expect(limits.spare()).to.deep.equal([]);
    limits.restore();
  });
});
