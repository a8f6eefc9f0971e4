import { Trace, type Peer, type WireCase } from '#case';
import type { Seq, TcpOption } from '#tcp';

/** Brings a connection into TIME_WAIT at a server that listens. A server that is not known to close first is ended, and started again. */
export async function timeWait(
  t: WireCase,
  options: { synOptions?: readonly TcpOption[] } = {},
): Promise<Peer> {
  const peer = await t.connected(options);
  await t.serverClosesFirst(peer);
  peer.ack();
  const fin = peer.fin();
  if (t.endedProcess) {
    await t.target.process!.restart();
    t.endedProcess = false;
  }
  await t.confirm(peer, 'TIME_WAIT', 'the server closes first, then the client', fin.stateAfterUs);
  await peer.expect({ flags: 'A', ack: peer.sndNxt });
  return peer;
}

/** Another connection from the same port, with nothing of the earlier one in mind. */
export function again(
  t: WireCase,
  earlier: Peer,
  iss: Seq,
  options: { synOptions?: readonly TcpOption[]; quiet?: boolean } = {},
): Peer {
  t.wire.leave(earlier);
  const { quiet = false, ...rest } = options;
  return t.peer({ local: earlier.local, iss, ...rest, ...(quiet ? { trace: new Trace() } : {}) });
}
