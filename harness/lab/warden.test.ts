import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { linkIndex, Namespace } from '#sys';
import { needsLab } from './testing/needs.ts';
import { inhabitants, isAlive } from './testing/processes.ts';
import type { Told } from './testing/small-harness.ts';
import { until } from './testing/until.ts';

const HARNESS = join(import.meta.dirname, 'testing/small-harness.ts');

describe('lab: the warden', () => {
  /** The harness's home, so that no device of its lab shows on this machine's network. */
  let home: Namespace;
  let folder: string;
  let survivors: readonly number[];

  before(function () {
    needsLab(this);
  });
  beforeEach(() => {
    home = Namespace.create();
    folder = mkdtempSync(join(tmpdir(), 'closewait-warden-'));
    survivors = [];
  });
  afterEach(() => {
    for (const pid of survivors) process.kill(pid, 'SIGKILL');
    home.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = async (mode: string): Promise<{ harness: ChildProcess; told: Told }> => {
    const args = ['--import', 'tsx', '--conditions=source', HARNESS, mode];
    const harness = home.spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, TMPDIR: folder },
      detached: true,
    });
    const [line] = (await once(createInterface(harness.stdout!), 'line')) as [string];
    return { harness, told: JSON.parse(line) as Told };
  };

  const folders = (): string[] => readdirSync(folder).filter((name) => name.startsWith('closewait-'));

  const labHasEnded = (): boolean =>
    home.run(() => {
      try {
        linkIndex('watched');
        return false;
      } catch {
        return true;
      }
    });

  const nothingIsLeft = async ({ pids, inode }: Told): Promise<void> => {
    await until('its children have ended', () => !pids.some(isAlive) && inhabitants(inode).length === 0);
    await until('its lab has ended', labHasEnded);
    await until('its folder is gone', () => folders().length === 0);
  };

  for (const [who, sign] of [
    ['the harness', 1],
    ["the harness's whole process group", -1],
  ] as const) {
    it(`ends children and lab and removes the folder when ${who} is killed`, async () => {
      const { harness, told } = await run('holds');
      expect(told.pids.every(isAlive)).to.equal(true);
      expect(inhabitants(told.inode)).to.include(told.pids[0]);
      expect(told.folder).to.include(folder);
      expect(folders()).to.have.lengthOf(1);
      expect(labHasEnded()).to.equal(false);
      process.kill(sign * harness.pid!, 'SIGKILL');
      await nothingIsLeft(told);
    });
  }

  it('finds by their namespace those that have left the group, and goes on forking', async () => {
    const { harness, told } = await run('forks');
    await until('it has forked', () => inhabitants(told.inode).length > 10);
    harness.kill('SIGKILL');
    await nothingIsLeft(told);
  });

  it('ends children that had not become their program yet', async () => {
    for (let turn = 0; turn < 3; turn++) {
      const { told } = await run('dies');
      expect(told.pids).to.have.lengthOf(10);
      await nothingIsLeft(told);
    }
  });

  it('lets alone what it was told is gone: the number may be another process by then', async () => {
    const { harness, told } = await run('told gone');
    survivors = told.pids;
    harness.kill('SIGKILL');
    await until('its folder is gone', () => folders().length === 0);
    expect(told.pids.map(isAlive)).to.deep.equal([true, true]);
  });

  it('does nothing after an orderly end', async () => {
    const { harness, told } = await run('ends');
    survivors = told.pids;
    if (harness.exitCode === null) await once(harness, 'exit');
    expect(folders()).to.deep.equal([]);
    await until('the warden has ended', () => wardens(home).length === 0);
    expect(told.pids.map(isAlive)).to.deep.equal([true, true]);
  });

  /** The processes in the harness's home that are none of its children. */
  const wardens = ({ inode }: Namespace): number[] =>
    inhabitants(inode).filter((pid) => !survivors.includes(pid));
});
