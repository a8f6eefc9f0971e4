import { release } from 'node:os';
import { CloseWaitError, messageOf } from '#core';
import { Namespace, SockDiag, type DiagSocket } from '#sys';
import { formatAddress } from '#tcp';
import type { Availability, Observer, SocketFilter, SocketRow } from './contract.ts';
import { rowFilter } from './filter.ts';
import { kernelState, statesMask } from './kernel-states.ts';
import { socketEnds } from './socket-ends.ts';

let availability: Availability | undefined;

/** The kernel's table by netlink (sock_diag(7)), which ss prints: no process and no text, hence the quickest. */
export const sockDiag: Observer = {
  name: 'sock-diag',
  available: () => (availability ??= look()),
  list: async (namespace, filter = {}) => {
    const isWanted = rowFilter(filter);
    try {
      return dump(namespace, filter).filter(isWanted);
    } catch (cause) {
      throw new CloseWaitError('CW_OBSERVER', `sock_diag failed: ${messageOf(cause)}`, { cause });
    }
  },
};

function look(): Availability {
  if (process.platform !== 'linux') {
    return { ok: false, reason: `sock_diag is Linux's; this is ${process.platform}`, remedy: 'run on Linux' };
  }
  try {
    dump(Namespace.home(), { state: 'LISTEN' });
    return { ok: true, version: `Linux ${release()}` };
  } catch (error) {
    return {
      ok: false,
      reason: `the kernel has no sock_diag for TCP (${messageOf(error)})`,
      remedy: 'load the kernel modules inet_diag and tcp_diag',
    };
  }
}

/** Both tables, whatever the family: IPv4-mapped connections are in IPv6's. */
function dump(namespace: Namespace, { state }: SocketFilter): SocketRow[] {
  return namespace.run(() => {
    const sockets = new SockDiag();
    try {
      return ([4, 6] as const).flatMap((family) => sockets.dump(family, statesMask(state)).flatMap(rowOf));
    } finally {
      sockets.close();
    }
  });
}

/** ss's words for the numbers of the timers. */
const TIMERS = ['', 'on', 'keepalive', 'timewait', 'persist'];

function rowOf(socket: DiagSocket): SocketRow | [] {
  const state = kernelState(socket.state);
  if (state === undefined) return [];
  return {
    ...socketEnds(
      { address: formatAddress(socket.local), port: socket.localPort },
      { address: formatAddress(socket.remote), port: socket.remotePort },
    ),
    state,
    recvQueue: socket.recvQueue,
    sendQueue: socket.sendQueue,
    inode: socket.inode,
    ...(socket.timer === 0 ? {} : { timer: `${TIMERS[socket.timer] ?? 'unknown'},${socket.expiresMs}ms` }),
  };
}
