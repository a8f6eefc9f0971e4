import type { Host } from '#lab';
import type { DiagSocket } from '#sys';
import { formatAddress, parseAddress, type Endpoint, type Family, type State, type Tuple } from '#tcp';
import { kernelState, netstatNow, type SocketRow } from '#observe';

/** The kernel's socket of one connection on a host; null when there is none. @throws CW_SYSTEM_CALL without sock_diag */
export function findSocket(host: Host, tuple: Tuple): DiagSocket | null {
  return host.sockets!.get({
    local: parseAddress(tuple.local.address),
    localPort: tuple.local.port,
    remote: parseAddress(tuple.remote.address),
    remotePort: tuple.remote.port,
  });
}

/** The state of one connection on a host, now: CLOSED when it has no socket. */
export function readState(host: Host, tuple: Tuple): State {
  if (host.sockets === null) return findRow(tuple)?.state ?? 'CLOSED';
  const socket = findSocket(host, tuple);
  return socket === null ? 'CLOSED' : (kernelState(socket.state) ?? 'CLOSED');
}

/** The same by netstat, where the kernel has no sock_diag. */
function findRow({ local, remote }: Tuple): SocketRow | undefined {
  return netstatNow().find((row) => isSame(row.local, local) && isSame(row.remote, remote));
}

function isSame(one: Endpoint, other: Endpoint): boolean {
  return one.port === other.port && one.address === other.address;
}

/** Whoever is trying to connect to an endpoint of this machine: the local ends of connections in SYN_SENT. */
export function diallersOf(host: Host, family: Family, { address, port }: Endpoint): Endpoint[] {
  if (host.sockets === null) {
    const rows = netstatNow().filter(
      ({ state, remote }) => state === 'SYN_SENT' && isSame(remote, { address, port }),
    );
    return rows.map(({ local }) => local);
  }
  const remote = Buffer.from(parseAddress(address));
  const rows = host.sockets.dump(family, 1 << SYN_SENT);
  const found = rows.filter((row) => row.remotePort === port && remote.equals(row.remote));
  return found.map((row) => ({ address: formatAddress(row.local), port: row.localPort }));
}

/** The kernel's number of the state. */
const SYN_SENT = 2;

/** Nobody in particular. */
const ANYBODY = { 4: new Uint8Array(4), 6: new Uint8Array(16) } as const;

/** Whether a host listens at an endpoint: on its address, or on all addresses of its family or of both. */
export function isListening(host: Host, { address, port }: Endpoint, family: Family): boolean {
  if (host.sockets === null) {
    const everywhere = ['0.0.0.0', '::', address];
    return netstatNow().some(
      ({ state, local }) => state === 'LISTEN' && local.port === port && everywhere.includes(local.address),
    );
  }
  const local = parseAddress(address);
  const listener = host.sockets.listener({ local, localPort: port, remote: ANYBODY[family], remotePort: 0 });
  return listener !== null;
}
