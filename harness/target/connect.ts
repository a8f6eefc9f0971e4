import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Host } from '#lab';
import { closeFd, tcpConnect, tcpSocket } from '#sys';
import { familyOf, parseAddress, type Endpoint } from '#tcp';
import { closedByPeer } from './exchange.ts';

/**
 * A kernel client of a host, on that host itself: the connection never leaves its loopback device. It keeps its own side
 * open when the server closes first.
 * @returns null when nobody accepts: refused, or no answer in time
 */
export async function connectWithin(
  host: Host,
  endpoint: Endpoint,
  deadlineMs = CONNECT_MS,
): Promise<Socket | null> {
  // Node's own connect would make the socket a tick later, outside of the host's namespace.
  const fd = tcpSocket(host.namespace, { family: familyOf(endpoint.address) });
  try {
    tcpConnect(fd, parseAddress(endpoint.address), endpoint.port);
  } catch {
    closeFd(fd);
    return null;
  }
  const socket = new Socket({ fd, allowHalfOpen: true });
  socket.on('error', () => undefined);
  const end = performance.now() + deadlineMs;
  // On a loopback device the handshake is over when connect() returns, unless the accept queue is full.
  while (socket.remoteAddress === undefined && !socket.destroyed && performance.now() < end) await delay(1);
  if (socket.remoteAddress !== undefined) return socket;
  socket.destroy();
  return null;
}

/** A SYN that met a full queue is sent again after 1 s. ms */
const CONNECT_MS = 1500;

/**
 * Ends a connection so that nothing of it is left: closes in order, and where the server does not close in turn, resets.
 * What is left of an orderly end is a TIME_WAIT of the client's own.
 */
export async function hangUp(socket: Socket): Promise<void> {
  socket.end();
  if (await closedByPeer(socket, HANG_UP_MS)) socket.destroy();
  else socket.resetAndDestroy();
}

const HANG_UP_MS = 250;
