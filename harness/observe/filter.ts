import type { Endpoint } from '#tcp';
import type { SocketFilter, SocketRow } from './contract.ts';
import { canonical } from './socket-ends.ts';

/** Whether a row is one that was asked for. Addresses of a filter are in any spelling. @throws CW_ADDRESS */
export function rowFilter({ family, state, local, remote }: SocketFilter): (row: SocketRow) => boolean {
  const isLocal = endFilter(local);
  const isRemote = endFilter(remote);
  return (row) =>
    (family === undefined || row.family === family) &&
    (state === undefined || row.state === state) &&
    isLocal(row.local) &&
    isRemote(row.remote);
}

function endFilter({ address, port }: Partial<Endpoint> = {}): (end: Endpoint) => boolean {
  const wanted = address === undefined ? undefined : canonical(address);
  return (end) =>
    (wanted === undefined || end.address === wanted) && (port === undefined || end.port === port);
}
