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

const LISTEN = 10;

/** Whether a host listens at an endpoint: on its address, or on all addresses of its family or of both. */
export function isListening(host: Host, endpoint: Endpoint, family: Family): boolean {
  const address = parseAddress(endpoint.address);
  const families = family === 4 ? ([4, 6] as const) : ([6] as const);
  return families.some((tableFamily) =>
    host.sockets!.dump(tableFamily, 1 << LISTEN).some(({ local, localPort }) => {
      return (
        localPort === endpoint.port &&
        (local.every((byte) => byte === 0) || Buffer.from(local).equals(address))
      );
    }),
  );
}
