import { fdLimit, setFdLimit, SystemCallError } from '#sys';
import type { RaisedFds } from './running.ts';

/** Errors that tell what cannot be raised: no privilege (EPERM, EINVAL above fs.nr_open), another user's, gone. */
const REFUSALS: readonly string[] = ['EPERM', 'EINVAL', 'ESRCH'];

/** Raises the limit on descriptors of each process to `least`, or as far as its hard limit lets us. None is lowered. */
export function raiseFds(pids: readonly number[], least: number): RaisedFds {
  const undo: (() => void)[] = [];
  const short: { pid: number; limit: number }[] = [];
  for (const pid of pids) {
    attempt(() => {
      const old = fdLimit(pid);
      const wanted = BigInt(least);
      if (old.soft >= wanted) return;
      undo.push(() => void attempt(() => setFdLimit(pid, old)));
      const hard = old.hard > wanted ? old.hard : wanted;
      if (attempt(() => setFdLimit(pid, { soft: wanted, hard }))) return;
      attempt(() => setFdLimit(pid, { soft: old.hard, hard: old.hard }));
      short.push({ pid, limit: Number(fdLimit(pid).soft) });
    });
  }
  return { short, restore: () => undo.splice(0).forEach((each) => each()) };
}

/** @returns false when the kernel does not let us */
function attempt(act: () => void): boolean {
  try {
    act();
    return true;
  } catch (error) {
    if (error instanceof SystemCallError && REFUSALS.includes(error.errno)) return false;
    throw error;
  }
}
