import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { withLock } from './lock.mjs';

describe('withLock', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'closewait-lock-'));
    file = join(folder, 'lock');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('lets one work at a time', async () => {
    const order: string[] = [];
    const work = (name: string) => async (): Promise<void> => {
      order.push(`${name} in`);
      await sleep(20);
      order.push(`${name} out`);
    };
    await Promise.all([withLock(file, work('a')), withLock(file, work('b'))]);
    expect(order).to.deep.equal(['a in', 'a out', 'b in', 'b out']);
  });

  it('is given back when the work throws', async () => {
    const thrown = await withLock(file, () => Promise.reject(new Error('no'))).catch(
      (error: unknown) => error,
    );
    expect(thrown).to.be.an('error');
    expect(existsSync(file)).to.equal(false);
  });

  it('is taken over from a process that has died', async () => {
    const dead = spawnSync(process.execPath, ['--version']).pid;
    writeFileSync(file, String(dead));
    expect(await withLock(file, () => 'done')).to.equal('done');
  });
});
