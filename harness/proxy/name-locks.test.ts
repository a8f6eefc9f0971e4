import { expect } from 'chai';
import { NameLocks } from './name-locks.ts';

describe('locks by name', () => {
  it('let one at a time in, in order, whatever became of the one before', async () => {
    const locks = new NameLocks();
    const seen: string[] = [];
    const work = (name: string) => async (): Promise<void> => {
      seen.push(`${name} begins`);
      await Promise.resolve();
      seen.push(`${name} ends`);
      if (name === '1') throw new Error('on purpose');
    };
    const all = await Promise.allSettled(['1', '2', '3'].map((name) => locks.run('a', work(name))));
    expect(all.map(({ status }) => status)).to.deep.equal(['rejected', 'fulfilled', 'fulfilled']);
    expect(seen).to.deep.equal(['1', '2', '3'].flatMap((name) => [`${name} begins`, `${name} ends`]));
  });

  it('do not make one name wait for another', async () => {
    const locks = new NameLocks();
    let release = (): void => {};
    const hangs = locks.run('a', () => new Promise<void>((resolve) => (release = resolve)));
    expect(await locks.run('b', async () => 'b')).to.equal('b');
    release();
    await hangs;
  });
});
