import { libc } from './libc.ts';

const PR_SET_PDEATHSIG = 1;
const SIGKILL = 9;

/**
 * Asks the kernel to end this process when its parent ends, however that dies: a harness that was re-executed must not
 * outlive the command that the user killed. @param parent the expected parent; false: it is gone already
 */
export function dieWithParent(parent: number): boolean {
  libc().prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  return process.ppid === parent;
}
