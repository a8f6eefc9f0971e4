import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { CloseWaitError, messageOf } from '#core';
import { formatHostPort } from './addresses.ts';
import { parseHostPort } from './limits.ts';

/** As long as the kernel allows (net.core.somaxconn). */
const BACKLOG = 65_535;

/** A listening socket of a proxy. */
export interface Listener {
  /** The bound address: `127.0.0.1:34533`, `[::]:80`. */
  readonly address: string;
  close(): Promise<void>;
}

/** Listens. @param at `host:port`, `:port` or nothing, which is every address @throws CW_PROXY_LISTEN */
export async function listenAt(at: string, accept: (socket: Socket) => void): Promise<Listener> {
  const { host, port } = parseHostPort(at === '' ? ':0' : at) ?? fail(at, new Error('it is no host:port'));
  const server = createServer({ allowHalfOpen: true, noDelay: true }, accept);
  try {
    server.listen({ host: host === '' ? '::' : host, port, backlog: BACKLOG });
    await once(server, 'listening');
  } catch (error) {
    return fail(at, error);
  }
  // One that could not be accepted is lost; the listener goes on.
  server.on('error', () => undefined);
  const bound = server.address() as AddressInfo;
  return { address: formatHostPort({ host: bound.address, port: bound.port }), close: () => closed(server) };
}

/** Connections that it has accepted are not its own any more. */
function closed(server: Server): Promise<void> {
  server.close();
  // Node tells when the last connection has ended, too; the port is free at once.
  return new Promise((resolve) => setImmediate(resolve));
}

function fail(at: string, cause: unknown): never {
  throw new CloseWaitError('CW_PROXY_LISTEN', `cannot listen at ${at}: ${messageOf(cause)}`, { cause });
}
