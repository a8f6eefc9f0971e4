import { setTimeout as delay } from 'node:timers/promises';
import { writeSysctl } from '#lab';
import { closedByPeer, exchange } from './exchange.ts';
import { connected, greeted, letGo, taken, timeFinding, untried } from './learn-tools.ts';
import type { Finding, Trial } from './learn.ts';

/** Small buffers of both kernels, so that an answer of 1 MiB does not fit into them: ipv4.tcp_rmem and ipv4.tcp_wmem. */
const SMALL_BUFFERS = '4096 16384 65536';
/** More than large buffers hold together, bytes. */
const OVERFLOW_BYTES = 16 * 1024 * 1024;
const ANSWER_MS = 5000;
/** How often an idle time is measured, so long after each other, ms. */
const TIMES = 3;
const APART_MS = 100;

/** When it closes an idle connection. */
export async function learnIdle(trial: Trial): Promise<Finding[]> {
  const apart = Array.from({ length: TIMES }, async (_, turn) => {
    await delay(turn * APART_MS);
    return idleFor(trial);
  });
  const times = await Promise.all(apart);
  if (times.includes('not idle'))
    return untried('idleMs', 'no request is known that leaves the connection open');
  // A busy machine only makes them longer.
  const shortestMs = Math.min(...times.map((ms) => (typeof ms === 'number' ? ms : Infinity)));
  const tookMs = shortestMs === Infinity ? null : shortestMs;
  return [timeFinding('idleMs', tookMs, trial.waitMs, 'an idle connection is closed', nextTenth)];
}

/** @returns ms from a request that is answered at once to the end of the connection; null: it did not end */
function idleFor(trial: Trial): Promise<number | null | 'not idle'> {
  return connected(trial, async (socket) => {
    // Not from the answer: it is seen late where we are busy, and the time would be too short.
    const startedAt = performance.now();
    if (!(await greeted(trial, socket))) return 'not idle';
    return (await closedByPeer(socket, trial.waitMs)) ? performance.now() - startedAt : null;
  });
}

/** When it gives up a client that does not read. */
export async function learnWrite(trial: Trial): Promise<Finding[]> {
  const { target, waitMs } = trial;
  const { large } = target.traits;
  if (large === undefined) return untried('slowReader', 'no large answer is known (--path large=PATH)');
  if (target.host.sockets === null) return untried('slowReader', 'this system has no sock_diag');
  if (target.host.link !== null)
    for (const name of ['tcp_rmem', 'tcp_wmem']) writeSysctl(target.host, `ipv4.${name}`, SMALL_BUFFERS);
  else if (large.bytes < OVERFLOW_BYTES / 2)
    return untried('slowReader', "its large answer fits into the kernel's buffers on loopback");
  return connected(trial, async (socket) => {
    socket.pause();
    for (let asked = 0; asked < OVERFLOW_BYTES; asked += large.bytes) socket.write(large.send);
    if (!(await taken(trial, socket))) return untried('slowReader', 'it did not accept the connection');
    const tookMs = await letGo(trial, socket);
    const what = 'a client that does not read is given up';
    const time = timeFinding('writeMs', tookMs, waitMs, what);
    const value = tookMs === null ? 'keep' : 'evict';
    return [time, { name: 'slowReader', value, seen: time.seen, tried: true }];
  });
}

/** How long it holds a connection that it has closed, when its client never does. */
export async function learnFinWait2(trial: Trial): Promise<Finding[]> {
  const { closesFirst } = trial.target.traits;
  if (closesFirst === undefined) return untried('finWait2Ms', 'nothing is known that makes it close first');
  if (trial.target.host.sockets === null) return untried('finWait2Ms', 'this system has no sock_diag');
  return connected(trial, async (socket) => {
    const { ended } = await exchange(socket, closesFirst, ANSWER_MS);
    if (ended !== 'reply' || !(await closedByPeer(socket, ANSWER_MS)))
      return untried('finWait2Ms', 'it did not close first this time');
    const tookMs = await letGo(trial, socket);
    return [
      timeFinding('finWait2Ms', tookMs, trial.waitMs, 'its application let go of a connection in FIN_WAIT_2'),
    ];
  });
}

/** Requests are timed by it: as exact as it was measured. */
function nextTenth(ms: number): number {
  return Math.ceil(ms / 100) * 100;
}
