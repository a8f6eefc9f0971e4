import { expect } from 'chai';
import { labPrivilege } from '#lab';
import { execTarget } from './exec.ts';
import { learnHead } from './learn-drip.ts';
import type { Finding } from './learn.ts';
import { tryTarget } from './trial.ts';

const WAIT_MS = 6000;

describe('learning when a request that drips is given up', function () {
  this.timeout(20_000);
  before(function () {
    if (!labPrivilege().ok) this.skip();
  });

  /** Of a server of lines that echoes them. */
  const learn = async (body: string): Promise<Finding> => {
    const script = `require('node:net').createServer((socket) => { socket.on('error', () => {}); let text = ''; socket.on('data', (data) => { text += data; if (text.endsWith('\\n')) { socket.write(text); text = ''; } }); ${body} }).listen({port}, '{host}');`;
    const target = execTarget({ command: `'${process.execPath}' -e "${script}"`, speaks: 'echo' });
    const [finding] = await tryTarget(target, 'wire', (started) =>
      learnHead({ target: started, family: 4, waitMs: WAIT_MS }),
    );
    return finding!;
  };

  it('takes a deadline for one', async () => {
    const { value, measuredMs } = await learn('setTimeout(() => socket.destroy(), 700);');
    expect(measuredMs).to.be.within(690, 1200);
    expect(value).to.be.within(1000, 1500);
  });

  it('takes no time-out from byte to byte for one', async () => {
    // In 6 s a short greeting drips a byte in 600 ms.
    const { value, seen, measuredMs, waitedMs } = await learn(
      'socket.setTimeout(500, () => socket.destroy());',
    );
    expect([value, measuredMs, waitedMs], seen).to.deep.equal([null, null, 2000]);
    expect(seen).to.match(
      /^the head of a request that drips is given up by a pause of \d+ ms alone: with \d+ ms/,
    );
  });
});
