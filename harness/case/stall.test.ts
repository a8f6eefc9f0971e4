import { expect } from 'chai';
import { setTimeout as delay } from 'node:timers/promises';
import { Stall } from './stall.ts';

function keepBusy(ms: number): void {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
}

describe('stall: how long this process could not look', () => {
  it('is told as long as it was', async () => {
    const stall = new Stall();
    await delay(30);
    keepBusy(150);
    await delay(30);
    expect(stall.end()).to.be.within(130, 5000);
  });

  it('is nothing where nobody kept it', () => {
    expect(new Stall().end()).to.equal(0);
  });
});
