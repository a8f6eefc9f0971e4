import { fdLimit, setFdLimit, SystemCallError, type FdLimit } from '#sys';
import { readFolder } from './process-table.ts';
import type { FdLimits } from './running.ts';

/**
 * @param pids the processes, whenever it is called: those that are forked later have the limit of the one that forked them
 * @throws SystemCallError EPERM where a process is another user's: those before it have their limits back then
 */
export function limitFds(pids: () => readonly number[], spare: number): FdLimits {
  const before = new Map<number, FdLimit>();
  const restore = (): void => {
    const [first] = before.values();
    if (first === undefined) return;
    for (const pid of pids()) unlessGone(() => setFdLimit(pid, before.get(pid) ?? first));
    before.clear();
  };
  try {
    for (const pid of pids()) {
      unlessGone(() => {
        const old = fdLimit(pid);
        const wanted = BigInt(limitFor(openFds(pid), spare));
        setFdLimit(pid, { soft: wanted < old.hard ? wanted : old.hard, hard: old.hard });
        before.set(pid, old);
      });
    }
  } catch (error) {
    restore();
    throw error;
  }
  return { spare: () => pids().flatMap((pid) => spareOf(pid)), restore };
}

/** How many numbers below its limit a process has free; none for one that is gone. */
function spareOf(pid: number): number[] {
  const open = openFds(pid);
  const left: number[] = [];
  unlessGone(() => {
    const limit = Number(fdLimit(pid).soft);
    if (open.length > 0) left.push(limit - open.filter((fd) => fd < limit).length);
  });
  return left;
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
