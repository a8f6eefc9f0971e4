import type { Host } from '#lab';
import type { DiagSocket } from '#sys';
import { parseAddress, type Endpoint, type Family, type State, type Tuple } from '#tcp';
import { kernelState } from '#observe';

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
  const socket = findSocket(host, tuple);
  return socket === null ? 'CLOSED' : (kernelState(socket.state) ?? 'CLOSED');
}

/** Nobody in particular. */
const ANYBODY = { 4: new Uint8Array(4), 6: new Uint8Array(16) } as const;

/** Whether a host listens at an endpoint: on its address, or on all addresses of its family or of both. */
export function isListening(host: Host, { address, port }: Endpoint, family: Family): boolean {
  const local = parseAddress(address);
  const listener = host.sockets!.listener({ local, localPort: port, remote: ANYBODY[family], remotePort: 0 });
  return listener !== null;
}
