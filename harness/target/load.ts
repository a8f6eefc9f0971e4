import { readFolder, readText, threadStates } from './process-table.ts';

/** Whether a thread of these processes runs, or waits for a processor, at this moment (Linux). */
export function isRunning(pids: readonly number[]): boolean {
  return process.platform === 'linux' && pids.some((pid) => threadStates(pid).includes('R'));
}

/**
 * How long each thread has run or waited for a processor, by its number, nanoseconds: the wait counts, so that a thread
 * which never sleeps is known on a busy machine too. Empty where the kernel keeps no such statistics.
 */
export function threadTimes(pids: readonly number[]): Map<number, number> {
  const times = new Map<number, number>();
  for (const pid of pids) {
    const folder = `/proc/${pid}/task`;
    for (const task of readFolder(folder)) {
      const [ran, waited] = readNumbers(`${folder}/${task}/schedstat`);
      if (ran !== undefined && waited !== undefined) times.set(Number(task), ran + waited);
    }
  }
  return times;
}

/** Resident memory of processes that no file backs (RssAnon of proc_pid_status(5)), KiB (Linux). */
export function anonymousKib(pids: readonly number[]): number | null {
  if (process.platform !== 'linux') return null;
  return pids.reduce(
    (sum, pid) =>
      sum + Number(/^RssAnon:\s+(\d+) kB$/m.exec(readText(`/proc/${pid}/status`) ?? '')?.[1] ?? 0),
    0,
  );
}

function readNumbers(path: string): number[] {
  return readText(path)?.trim().split(' ').map(Number) ?? [];
}
