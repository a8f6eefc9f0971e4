import { readdirSync, readFileSync, statSync } from 'node:fs';

/** Whether a process runs: one that has ended and waits for its parent to notice does not. */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}

/** The processes in a network namespace. */
export function inhabitants(inode: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      try {
        return statSync(`/proc/${pid}/ns/net`).ino === inode;
      } catch {
        return false;
      }
    });
}
