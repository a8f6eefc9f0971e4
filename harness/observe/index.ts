import type { Observer } from './contract.ts';
import { netstat } from './netstat.ts';
import { procfs } from './procfs.ts';
import { sockDiag } from './sock-diag.ts';
import { ss } from './ss.ts';

/** Every observer, the witness first. */
export const observers: readonly Observer[] = [ss, netstat, procfs, sockDiag];

export type { Availability, Observer, SocketFilter, SocketRow } from './contract.ts';
export { kernelState } from './kernel-states.ts';
export { netstat, procfs, sockDiag, ss };
export { netstatNow } from './netstat.ts';
export { closeToolShell, openToolShell } from './run-tool.ts';
export { witness } from './ss.ts';
