import { formatAddress, unmapAddress } from '#tcp';
import type { WireCase } from './wire-case.ts';

/** Where a listener keeps connections that are complete, until the application accepts them. */
export interface AcceptQueue {
  /** Recv-Q of ss: how many wait. */
  readonly queued: number;
  /** How many can wait: one more than Send-Q of ss, the backlog (Linux counts a queue as full when it has more than that). */
  readonly capacity: number;
  /** More than one where several processes share the port by SO_REUSEPORT: their queues are added up. */
  readonly listeners: number;
}

const LISTEN_MASK = 1 << 10;

/** The accept queue of the port that a case is about, as the kernel counts it (inet_diag: idiag_rqueue and idiag_wqueue). */
export function acceptQueue(t: WireCase): AcceptQueue {
  const { address, port } = t.server;
  const all = ([4, 6] as const)
    .flatMap((family) => t.target.host.sockets!.dump(family, LISTEN_MASK))
    .filter(({ localPort }) => localPort === port);
  // The kernel prefers a listener on the address itself, then one on all of its family, then one on all of both.
  const at = (wanted: string) => all.filter(({ local }) => unmapAddress(formatAddress(local)) === wanted);
  const found = [address, t.family === 4 ? '0.0.0.0' : '::', '::'].map(at).find(({ length }) => length > 0);
  if (found === undefined) return t.inconclusive(`nothing listens on ${address} port ${port}`);
  return {
    queued: found.reduce((sum, { recvQueue }) => sum + recvQueue, 0),
    capacity: found.reduce((sum, { sendQueue }) => sum + sendQueue + 1, 0),
    listeners: found.length,
  };
}
