import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { defineCase, Trace, type Peer, type WireCase } from '#case';

/** Requests around the moment at which the server closes: from 3 ms before to 3 ms after it, in steps of 0.25 ms. */
const OFFSETS_MS = Array.from({ length: 25 }, (_, index) => (index - 12) / 4);
/** So long before the declared time are early enough for every server: to lose one is a fault. ms */
const EARLY_MS = [500, 400, 300, 250];
/** A request that takes a second or more is sent so long before it. ms */
const SLOW_BEFORE_MS = 300;
/** Idle connections on each of which a request is sent as soon as the first of them is closed. */
const BURST = 12;
/** From one connection to the next, so that their requests do not wait for each other, ms. */
const APART_MS = 8;
/** A server that goes to close a connection cannot know what comes at that very moment; what comes so long before, it must. ms */
const CROSSING_MS = 100;
/** The requests around the moment are on connections that became idle so much later than the first. ms */
const AFTER_FIRST_MS = 20;
/** Timers have a grain of a millisecond: so much is waited out turn by turn. ms */
const SPIN_MS = 2;
const WATCH_MS = 200;
/** To be late is for another case to judge (dead-peer-idle): the measurement waits so much longer, ms. */
const GRACE_MS = 2500;

interface Shot {
  /** The server's kernel took the request before its application had closed. */
  readonly landed: boolean;
  readonly served: boolean;
  readonly end: 'FIN' | 'RST' | null;
  /** From the request to the end, ms. */
  readonly afterMs: number;
  readonly isEarly: boolean;
}

export default defineCase(import.meta.url, {
  title: 'Requests at the very moment at which the server closes idle connections',
  level: 'robustness',
  refs: [
    {
      rfc: 9112,
      section: '9.5',
      quote:
        'a client might have started to send a new request at the same time that the server has decided to close the "idle" connection.',
    },
    { issue: 'nodejs/node#20256' },
    { issue: 'nodejs/node#27363' },
    { issue: 'envoyproxy/envoy#2715' },
  ],
  needs: ['timeouts'],
  eitherFamily: true,
  steps: [
    'Have 42 connections greeted, and leave them idle.',
    'On four send a request 250 to 500 ms before the declared time, and on one a request that takes longer than what is left.',
    'Measure on the first when the server closes it; on 25 send a request after that time, from 3 ms less to 3 ms more.',
    'On twelve that became idle together, send one as soon as the first of them is closed.',
  ],
  expected: `each request is served whole, or the connection was closed when it came; one that came ${CROSSING_MS} ms or more before its connection was closed is always served`,
  why: 'On the wire of the lab nothing is under way: whether the FIN was there before the request is known. A request that is in the socket when the application closes is answered by RST, and the client cannot know whether it was executed. Within a moment that cannot be helped (HTTP says so, and clients repeat what is idempotent): such losses are counted and told. A server that takes no notice of a request for longer than that, or whose timer goes on running while a request is served, loses what it should not.',
  lasts: { ms: 2600, why: "the server's idle time-out" },
  wire: async (t: WireCase) => {
    const declaredMs = t.target.traits.timeouts?.idle;
    const { greeting } = t.target;
    if (declaredMs === undefined)
      t.unsupported(`it needs traits.timeouts.idle, which ${t.target.info.name} does not declare`);
    if (greeting === null || greeting.send.length === 0)
      t.unsupported(`${t.target.info.name} has no request that leaves a connection open`);
    const measured = await idle(t, t.trace);
    const untilMs = declaredMs + GRACE_MS;
    const closed = timeToClose(t, measured, untilMs);
    const early = Promise.all(EARLY_MS.map((beforeMs) => shootEarly(t, declaredMs - beforeMs)));
    const slow = shootSlow(t, declaredMs - SLOW_BEFORE_MS);
    const burst = await Promise.all(Array.from({ length: BURST }, () => idle(t)));
    const atOnce = shootWhenOneCloses(t, burst, untilMs);
    // Their turn comes when the first has been measured.
    await delay(AFTER_FIRST_MS);
    const timed: (Idle & { readonly offsetMs: number })[] = [];
    for (const offsetMs of OFFSETS_MS) {
      timed.push({ ...(await idle(t)), offsetMs });
      await delay(APART_MS);
    }
    const idleMs = await closed;
    if (idleMs === null)
      t.inconclusive(
        `the target declares timeouts.idle ${declaredMs} ms, and an idle connection is still open after ${untilMs} ms`,
      );
    t.stimulus(
      `requests on idle connections, around the ${idleMs.toFixed(1)} ms after which the server closes one`,
    );
    const byTime = timed
      .map(({ peer, fromUs, offsetMs }) => ({ peer, atUs: fromUs + (idleMs + offsetMs) * 1000 }))
      .sort((a, b) => a.atUs - b.atUs);
    const shots: Promise<Shot>[] = [];
    for (const { peer, atUs } of byTime) {
      const leftMs = (atUs - t.trace.now()) / 1000;
      if (leftMs > SPIN_MS) await delay(leftMs - SPIN_MS);
      while (t.trace.now() < atUs) await nextTurn();
      shots.push(shoot(t, peer));
    }
    judgeShots(t, [...(await Promise.all(shots)), ...(await atOnce), ...(await early)]);
    if ((await slow) === false)
      t.fault(
        'application',
        'a request that came before the idle time-out, and takes longer, is cut off by it',
      );
  },
});

interface Idle {
  readonly peer: Peer;
  /** When its last request was sent, on the case's timeline: its answer comes at once. */
  readonly fromUs: number;
}

/** A connection that has been served, and is idle from now on. */
async function idle(t: WireCase, trace = new Trace()): Promise<Idle> {
  const peer = await t.connected({ trace });
  const fromUs = t.trace.now();
  if (!(await t.greets(peer))) t.fail('application', 'the server does not answer its greeting');
  return { peer, fromUs };
}

/** How long the server leaves a connection idle; null: longer than that. */
async function timeToClose(t: WireCase, { peer, fromUs }: Idle, withinMs: number): Promise<number | null> {
  const { segment } = await peer.outcome(withinMs);
  return segment === null ? null : (t.trace.at(segment.atUs) - fromUs) / 1000;
}

async function shoot(t: WireCase, peer: Peer, isEarly = false): Promise<Shot> {
  if (peer.state() !== 'ESTABLISHED')
    return { landed: false, served: false, end: 'FIN', afterMs: 0, isEarly };
  const greeting = t.target.greeting!;
  const fromUs = t.trace.now();
  const { state } = peer.data(greeting.send);
  const { whole, end, segment } = await t.answer(peer, greeting);
  const endUs = segment === null ? t.trace.now() : t.trace.at(segment.atUs);
  return { landed: state === 'ESTABLISHED', served: whole, end, afterMs: (endUs - fromUs) / 1000, isEarly };
}

/** A request before any time-out; where we come too late for that, one like the others. */
async function shootEarly(t: WireCase, afterMs: number): Promise<Shot> {
  const { peer, fromUs } = await idle(t);
  await delay(afterMs);
  return shoot(t, peer, (t.trace.now() - fromUs) / 1000 < afterMs + CROSSING_MS);
}

/** A request whose answer comes after the time-out. @returns whether it came whole; null: the target has none, or had closed */
async function shootSlow(t: WireCase, afterMs: number): Promise<boolean | null> {
  const { slow } = t.target.traits;
  if (slow === undefined) return null;
  const { peer, fromUs } = await idle(t);
  await delay(afterMs);
  if (peer.state() !== 'ESTABLISHED' || (t.trace.now() - fromUs) / 1000 > afterMs + CROSSING_MS) return null;
  peer.data(slow.send);
  return (await t.answer(peer, slow, slow.afterMs + t.patienceMs)).whole;
}

/** The last one was served last, and is closed last. */
async function shootWhenOneCloses(t: WireCase, burst: readonly Idle[], withinMs: number): Promise<Shot[]> {
  const peers = burst.map(({ peer }) => peer).toReversed();
  const untilUs = t.trace.now() + withinMs * 1000;
  while (t.trace.now() < untilUs) {
    await Promise.race(peers.map((peer) => peer.changed(WATCH_MS)));
    if (peers.some((peer) => peer.state() !== 'ESTABLISHED')) break;
  }
  return Promise.all(peers.map((peer) => shoot(t, peer)));
}

function judgeShots(t: WireCase, shots: readonly Shot[]): void {
  const served = shots.filter((shot) => shot.served).length;
  const lost = shots.filter((shot) => shot.landed && !shot.served);
  const faults = lost.filter(({ isEarly, afterMs }) => isEarly || afterMs > CROSSING_MS);
  const first = shots.length - served - lost.length;
  t.conclude(
    `of ${shots.length} requests ${served} were served, ${first} came after the close, and ${lost.length} crossed it${howLost(lost)}`,
  );
  if (faults.length > 0)
    t.fault(
      'application',
      `${faults.length} of ${shots.length} requests on idle connections were lost${howLost(faults)}`,
    );
}

/** ` (RST after 0.05 to 0.31 ms)` */
function howLost(lost: readonly Shot[]): string {
  if (lost.length === 0) return '';
  const ways = [...new Set(lost.map(({ end }) => end ?? 'no answer'))].join(' or ');
  const times = lost.map(({ afterMs }) => afterMs);
  return ` (${ways} after ${Math.min(...times).toFixed(2)} to ${Math.max(...times).toFixed(2)} ms)`;
}
