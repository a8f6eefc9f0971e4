import { libc, sysCall } from './libc.ts';

/** RLIMIT_NOFILE on every architecture that Node runs on, MIPS apart. */
const RLIMIT_NOFILE = 7;

/** The soft and the hard limit of a process: one past the highest number that a new descriptor may get. */
export interface FdLimit {
  readonly soft: bigint;
  readonly hard: bigint;
}

/** prlimit(2), which only Linux has. @throws SystemCallError ESRCH, EPERM; CW_LIBC */
export function fdLimit(pid: number): FdLimit {
  const old = Buffer.alloc(16);
  sysCall(`prlimit of process ${pid}`, libc().prlimit(pid, RLIMIT_NOFILE, null, old));
  return { soft: old.readBigUInt64LE(0), hard: old.readBigUInt64LE(8) };
}

/** Sets the limit of a process; descriptors that it has beyond it stay open. @throws SystemCallError ESRCH, EPERM; CW_LIBC */
export function setFdLimit(pid: number, { soft, hard }: FdLimit): void {
  const limit = Buffer.alloc(16);
  limit.writeBigUInt64LE(soft, 0);
  limit.writeBigUInt64LE(hard, 8);
  sysCall(`prlimit of process ${pid}`, libc().prlimit(pid, RLIMIT_NOFILE, limit, null));
}
