import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { CloseWaitError } from '#core';
import type { DiagSocket } from '#sys';
import { formatEndpoint, parseAddress, unmapAddress } from '#tcp';
import { connectWithin } from './connect.ts';
import type { Exchange } from './contract.ts';
import { exchange } from './exchange.ts';
import type { Finding, Trial } from './learn.ts';

/** What a server answers at once, it answers within this, ms. */
const ANSWER_MS = 5000;
const LOOK_EVERY_MS = 10;

/** Does something on a connection of its own, which is reset afterwards. @throws CW_TARGET_GREETING when nobody accepts */
export async function connected<T>(
  { target, family }: Trial,
  work: (socket: Socket) => Promise<T>,
): Promise<T> {
  const endpoint = target.endpoint(family);
  const socket = await connectWithin(target.host, endpoint);
  if (socket === null) {
    throw new CloseWaitError(
      'CW_TARGET_GREETING',
      `${target.info.name} accepts no connection on ${formatEndpoint(endpoint)}`,
    );
  }
  try {
    return await work(socket);
  } finally {
    if (!socket.destroyed) socket.resetAndDestroy();
  }
}

/** Has the server answer, and leave the connection open. @returns false when it has no such request, or closes after it */
export async function greeted({ target: { greeting } }: Trial, socket: Socket): Promise<boolean> {
  if (greeting === null) return false;
  const { ended } = await exchange(socket, greeting, ANSWER_MS);
  return ended === 'reply' && !socket.readableEnded;
}

/** A request that the server answers; undefined where none is known. */
export function requestOf({ target: { greeting, traits } }: Trial): Exchange | undefined {
  return greeting !== null && greeting.send.length > 0 ? greeting : traits.closesFirst;
}

/** The server's own socket of a connection; null: it is gone, or the kernel cannot be asked. */
export function serverSocket({ target, family }: Trial, client: Socket): DiagSocket | null {
  const { address, port } = target.endpoint(family);
  const { localAddress, localPort } = client;
  if (localAddress === undefined || localPort === undefined) return null;
  return (
    target.host.sockets?.get({
      local: parseAddress(address),
      localPort: port,
      remote: parseAddress(unmapAddress(localAddress)),
      remotePort: localPort,
    }) ?? null
  );
}

/** Waits until a process of the server holds the connection. @returns false when none does in time */
export async function taken(trial: Trial, client: Socket): Promise<boolean> {
  const end = performance.now() + ANSWER_MS;
  while ((serverSocket(trial, client)?.inode ?? 0) === 0) {
    if (performance.now() > end) return false;
    await delay(1);
  }
  return true;
}

/** Waits until no process of the server holds the connection any more. @returns ms; null: one still does */
export async function letGo(trial: Trial, client: Socket): Promise<number | null> {
  const startedAt = performance.now();
  for (;;) {
    const tookMs = performance.now() - startedAt;
    if ((serverSocket(trial, client)?.inode ?? 0) === 0) return tookMs;
    if (tookMs > trial.waitMs) return null;
    await delay(LOOK_EVERY_MS);
  }
}

/** Something that could not be tried. */
export function untried(name: string, why: string): Finding[] {
  return [{ name, value: null, seen: `not tried: ${why}`, tried: false }];
}

/** A quarter more than was measured, and a second at least: a bound that is kept on a busy machine, too. */
export function withMargin(ms: number): number {
  return Math.max(1000, Math.ceil((ms * 1.25) / 500) * 500);
}

/** A time that was measured, as the bound that it would be. @param what `closed`, `the application let go of it` */
export function timeFinding(
  name: string,
  tookMs: number | null,
  waitMs: number,
  what: string,
  round = withMargin,
): Finding {
  const seen =
    tookMs === null ? `${what}: not within ${waitMs / 1000} s` : `${what} after ${tookMs.toFixed(0)} ms`;
  return {
    name,
    value: tookMs === null ? null : round(tookMs),
    seen,
    tried: true,
    measuredMs: tookMs,
    waitedMs: waitMs,
  };
}
