import { fdLimit, setFdLimit, SystemCallError, type FdLimit } from '#sys';
import { readFolder } from './process-table.ts';
import type { FdLimits } from './running.ts';

/** @throws SystemCallError EPERM where a process is another user's: those before it have their limits back then */
export function limitFds(pids: readonly number[], spare: number): FdLimits {
  const before = new Map<number, FdLimit>();
  const limits = new Map<number, number>();
  const restore = (): void => {
    for (const [pid, limit] of before) unlessGone(() => setFdLimit(pid, limit));
    before.clear();
  };
  try {
    for (const pid of pids) {
      unlessGone(() => {
        const old = fdLimit(pid);
        const soft = limitFor(openFds(pid), spare);
        setFdLimit(pid, { soft: BigInt(soft), hard: old.hard });
        before.set(pid, old);
        limits.set(pid, soft);
      });
    }
  } catch (error) {
    restore();
    throw error;
  }
  return {
    spare: () =>
      [...limits].flatMap(([pid, limit]) => {
        const open = openFds(pid);
        return open.length === 0 ? [] : [limit - open.filter((fd) => fd < limit).length];
      }),
    restore,
  };
}

function openFds(pid: number): number[] {
  return readFolder(`/proc/${pid}/fd`).map(Number);
}

/** The limit is on numbers, not on how many there are: the least one under which `spare` numbers are free. */
export function limitFor(open: readonly number[], spare: number): number {
  const taken = new Set(open);
  let limit = 0;
  for (let free = 0; free < spare; limit++) if (!taken.has(limit)) free += 1;
  return limit;
}

function unlessGone(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof SystemCallError && error.errno === 'ESRCH')) throw error;
  }
}
