import { createServer, type Server, type Socket } from 'node:net';
import { writeSysctl, type Host } from '#lab';
import { closeFd, tcpListen, tcpSocket } from '#sys';
import { parseAddress, type Endpoint } from '#tcp';

const BACKLOG = 65_535;
const PORT = 7000;

/** Lets a host hold as many connections, open and half-open, as a benchmark makes. */
export function raiseLimits(host: Host): void {
  writeSysctl(host, 'core.somaxconn', BACKLOG);
  writeSysctl(host, 'ipv4.tcp_max_syn_backlog', BACKLOG);
  writeSysctl(host, 'ipv4.tcp_syncookies', 0);
}

export interface Listening extends Disposable {
  readonly endpoint: Endpoint;
}

/** A kernel socket that listens on a host, with nobody to accept: handshakes need none. */
export function listenAlone(host: Host): Listening {
  const { fd, endpoint } = listen(host);
  return { endpoint, [Symbol.dispose]: () => closeFd(fd) };
}

/** A server of this process on a host, with nothing but `onSocket` to its application. */
export function serve(host: Host, onSocket: (socket: Socket) => void): Listening {
  const { fd, endpoint } = listen(host);
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  server.listen({ fd });
  return { endpoint, [Symbol.dispose]: () => void server.close() };
}

function listen(host: Host): { fd: number; endpoint: Endpoint } {
  const endpoint = { address: host.addresses[4]!, port: PORT };
  const bind = { address: parseAddress(endpoint.address), port: PORT };
  const fd = tcpSocket(host.namespace, { family: 4, reuseAddress: true, bind });
  tcpListen(fd, BACKLOG);
  return { fd, endpoint };
}
