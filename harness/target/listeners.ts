import { readlinkSync } from 'node:fs';
import type { Host } from '#lab';
import { formatAddress, parseAddress, unmapAddress, type Endpoint } from '#tcp';
import { readFolder } from './process-table.ts';

const LISTEN_MASK = 1 << 10;

/** A listening socket of a host. `address` is `0.0.0.0` or `::` for one on all addresses. */
interface Listener extends Endpoint {
  readonly inode: number;
}

/** Everything that listens on a host; null where the kernel cannot be asked. */
export function listListeners(host: Host): Listener[] | null {
  const { sockets } = host;
  if (sockets === null) return null;
  return ([4, 6] as const).flatMap((family) =>
    sockets.dump(family, LISTEN_MASK).map(({ local, localPort, inode }) => {
      return { address: unmapAddress(formatAddress(local)), port: localPort, inode };
    }),
  );
}

/** Whether a listener takes connections to an address. `::` counts for IPv4 too, as it does unless it is told otherwise. */
export function covers(listener: Endpoint, endpoint: Endpoint): boolean {
  if (listener.port !== endpoint.port) return false;
  if (listener.address === '::') return true;
  if (listener.address === '0.0.0.0') return !endpoint.address.includes(':');
  return Buffer.from(parseAddress(listener.address)).equals(parseAddress(endpoint.address));
}

/** What some processes listen on (Linux); null where that cannot be known. */
export function listenersOf(host: Host, pids: readonly number[]): Endpoint[] | null {
  const listeners = listListeners(host);
  if (listeners === null) return null;
  const owned = new Set(
    pids.flatMap((pid) => readFolder(`/proc/${pid}/fd`).map((fd) => readLink(`/proc/${pid}/fd/${fd}`))),
  );
  return listeners
    .filter(({ inode }) => owned.has(`socket:[${inode}]`))
    .map(({ address, port }) => ({ address, port }));
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
