import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { progressOn } from './progress.ts';
import { caseResult } from './testing/run.ts';

function recorder(more: { isTTY?: boolean; columns?: number } = {}) {
  const written: string[] = [];
  return { written, write: (text: string) => written.push(text), ...more };
}

const echo = { name: 'echo', version: '1.0\x1b[2J', command: [] };

describe('progress', () => {
  it('without a terminal: a line when a target is ready, and one when it is done', () => {
    const out = recorder();
    const progress = progressOn(out, 2);
    progress.runStarted({ total: 4 });
    progress.targetReady(echo, 23);
    progress.targetReady(echo, 24);
    progress.caseStarted('states/listen', 'echo', 4);
    progress.caseEnded(caseResult());
    expect(out.written).to.deep.equal(['echo 1.0\\x1b[2J is ready after 23ms\n']);
    progress.caseEnded(caseResult({ verdict: 'fail' }));
    expect(out.written[1]).to.equal('✗ echo: 1 passed, 1 failed, 0 skipped\n');
    progress.caseEnded(caseResult({ target: 'http' }));
    progress.end();
    expect(out.written.slice(2)).to.deep.equal(['✓ http: 1 passed, 0 failed, 0 skipped\n']);
  });

  it('on a terminal: one line, kept within it, that is gone at the end', () => {
    const out = recorder({ isTTY: true, columns: 30 });
    const progress = progressOn(out, 1);
    progress.runStarted({ total: 2 });
    progress.caseStarted('states/time-wait-from-fin-ack', 'echo', 6);
    progress.end();
    expect(out.written).to.deep.equal(['\r\x1b[2K[1/2] echo IPv6 states/time-w', '\r\x1b[2K']);
  });

  it('on a terminal: draws seldom, and still shows the last of a burst', async () => {
    const out = recorder({ isTTY: true, columns: 80 });
    const progress = progressOn(out, 1);
    progress.runStarted({ total: 100 });
    for (let at = 0; at < 100; at++) {
      progress.caseStarted(`states/case-${at}`, 'echo', 4);
      progress.caseEnded(caseResult());
    }
    await sleep(120);
    expect(out.written.length).to.be.below(10);
    expect(out.written.at(-1)).to.include('[100/100] echo IPv4 states/case-99');
    progress.end();
  });
});
