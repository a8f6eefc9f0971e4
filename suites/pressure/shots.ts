import { Trace, type Peer, type WireCase } from '#case';

/** A server that has slept for so long with a request in its socket, and then closed it, did not look. ms */
const ASLEEP_MS = 20;

/** A connection that has been served, and is idle. */
export interface Idle {
  readonly peer: Peer;
  /** When its last request was sent, on the case's timeline: its answer comes at once. */
  readonly fromUs: number;
}

/** A request on an idle connection. `early`: before any time-out; `near`: so near that a server may just have gone to close. */
export interface Shot {
  readonly when: 'early' | 'near' | 'sharp';
  /** The server's kernel took the request before its application had closed. */
  readonly landed: boolean;
  readonly served: boolean;
  readonly end: 'FIN' | 'RST' | null;
  /** From the request to the end, ms. */
  readonly afterMs: number;
  /** In which no thread of the server ran, or waited for a processor, for so long. 0 where that was not watched. */
  readonly asleepMs: number;
}

export async function idle(t: WireCase, trace = new Trace()): Promise<Idle> {
  const peer = await t.connected({ trace });
  const fromUs = t.trace.now();
  if (!(await t.greets(peer))) t.fail('application', 'the server does not answer its greeting');
  return { peer, fromUs };
}

/** How long the server leaves a connection idle, ms; null: longer than that. */
export async function timeToClose(
  t: WireCase,
  { peer, fromUs }: Idle,
  withinMs: number,
): Promise<number | null> {
  const { segment } = await peer.outcome(withinMs);
  return segment === null ? null : (t.trace.at(segment.atUs) - fromUs) / 1000;
}

/** Sends a request, unless the connection has been closed, and waits for what comes of it. */
export async function shoot(t: WireCase, peer: Peer, when: Shot['when'] = 'sharp'): Promise<Shot> {
  const missed = { when, landed: false, served: false, end: null, afterMs: 0, asleepMs: 0 };
  if (peer.state() !== 'ESTABLISHED') return missed;
  const greeting = t.target.greeting!;
  // Reading it takes time, of which the sharp ones have none.
  const before = when === 'near' ? t.target.process?.threadTimes() : undefined;
  const fromUs = t.trace.now();
  const { state } = peer.data(greeting.send);
  const { whole: served, end, segment } = await t.answer(peer, greeting);
  const endUs = segment === null ? t.trace.now() : t.trace.at(segment.atUs);
  const afterMs = (endUs - fromUs) / 1000;
  const asleepMs = before === undefined ? 0 : afterMs - busyMs(t, before);
  return { when, landed: state === 'ESTABLISHED', served, end, afterMs, asleepMs };
}

/** How long the busiest thread of the server has run, or waited for a processor, since then. */
function busyMs(t: WireCase, before: ReadonlyMap<number, number>): number {
  const now = t.target.process?.threadTimes() ?? new Map<number, number>();
  const times = [...now].map(([thread, time]) => time - (before.get(thread) ?? time));
  return Math.max(0, ...times) / 1e6;
}

export function judgeShots(t: WireCase, shots: readonly Shot[]): void {
  const served = shots.filter((shot) => shot.served).length;
  const lost = shots.filter((shot) => shot.landed && !shot.served);
  const faults = lost.filter(
    ({ when, end, asleepMs }) => when === 'early' || end === null || asleepMs > ASLEEP_MS,
  );
  const late = shots.length - served - lost.length;
  t.conclude(
    `of ${shots.length} requests ${served} were served, ${late} came after the close, and ${lost.length} crossed it${howLost(lost)}`,
  );
  if (faults.length > 0)
    t.fault(
      'application',
      `${faults.length} of ${shots.length} requests on idle connections were lost, though the server had time to read them${howLost(faults)}`,
    );
}

/** ` (RST after 0.05 to 0.31 ms)` */
function howLost(lost: readonly Shot[]): string {
  if (lost.length === 0) return '';
  const ways = [...new Set(lost.map(({ end }) => end ?? 'no answer'))].join(' or ');
  const times = lost.map(({ afterMs }) => afterMs);
  return ` (${ways} after ${Math.min(...times).toFixed(2)} to ${Math.max(...times).toFixed(2)} ms)`;
}
