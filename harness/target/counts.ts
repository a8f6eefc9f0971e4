import { statSync } from 'node:fs';
import type { Host } from '#lab';
import { formatAddress, STATES, unmapAddress, type Endpoint, type State } from '#tcp';
import type { Counts } from './running.ts';
import { anonymousKib } from './load.ts';
import { readFolder } from './process-table.ts';

/** @param pids null: its processes are not known */
export function countAll(
  host: Host,
  pids: readonly number[] | null,
  ports: readonly number[],
  dialled: readonly Endpoint[],
): Counts {
  return {
    fds:
      pids === null || process.platform !== 'linux'
        ? null
        : pids.reduce((sum, pid) => sum + countFds(pid), 0),
    processes: pids?.length ?? null,
    memoryKib: pids === null ? null : anonymousKib(pids),
    sockets: countSockets(host, ports, dialled),
  };
}

/** From Linux 6.2 on the folder's size is the number of descriptors; before that it is 0. */
function countFds(pid: number): number {
  const path = `/proc/${pid}/fd`;
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return size > 0 ? size : readFolder(path).length;
}

function countSockets(host: Host, ports: readonly number[], dialled: readonly Endpoint[]): Counts['sockets'] {
  const { sockets } = host;
  if (sockets === null) return null;
  const counts = Object.fromEntries(STATES.map((state) => [state, 0])) as Record<State, number>;
  for (const family of [4, 6] as const) {
    for (const { state, localPort, remote, remotePort } of sockets.dump(family)) {
      const isOurs =
        ports.includes(localPort) ||
        dialled.some(
          ({ address, port }) => port === remotePort && address === unmapAddress(formatAddress(remote)),
        );
      const name = BY_NUMBER[state];
      if (isOurs && name !== undefined) counts[name] += 1;
    }
  }
  return counts;
}

/** The kernel's numbers of the states (include/net/tcp_states.h), from 0. */
const BY_NUMBER: readonly (State | undefined)[] = [
  undefined,
  'ESTABLISHED',
  'SYN_SENT',
  'SYN_RCVD',
  'FIN_WAIT_1',
  'FIN_WAIT_2',
  'TIME_WAIT',
  'CLOSED',
  'CLOSE_WAIT',
  'LAST_ACK',
  'LISTEN',
  'CLOSING',
  'SYN_RCVD',
];
