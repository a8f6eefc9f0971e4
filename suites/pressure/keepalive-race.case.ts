import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { defineCase, type WireCase } from '#case';
import { aside } from './crowd.ts';
import { idle, judgeShots, shoot, timeToClose, type Idle, type Shot } from './shots.ts';

/** Requests around the moment at which the server closes: from 3 ms before to 3 ms after it, in steps of 0.25 ms. */
const OFFSETS_MS = Array.from({ length: 25 }, (_, index) => (index - 12) / 4);
/** A server that is deaf before it closes is met by these. ms */
const NEAR_MS = [-200, -160, -130, -110, -95, -80, -70, -60, -50, -40];
/** So long before the declared time are early enough for every server: to lose one is a fault. ms */
const EARLY_MS = [500, 400, 300, 250];
/** A request that takes a second or more is sent so long before it. ms */
const SLOW_BEFORE_MS = 300;
/** Connections that are left alone, so that it is known when the server closes one. */
const MEASURED = 5;
/** An end that comes so soon after it is of a server that was closing. ms */
const CROSSED_MS = 100;
/** Idle connections on each of which a request is sent as soon as the first of them is closed. */
const BURST = 12;
/** From one connection to the next, so that their requests do not wait for each other, ms. */
const APART_MS = 8;
/** The requests around the moment are on connections that became idle so much later than those. ms */
const AFTER_FIRST_MS = 20;
/** Timers have a grain of a millisecond: so much is waited out turn by turn. ms */
const SPIN_MS = 2;
/** Longest time without a look. ms */
const WATCH_MS = 200;
/** With our own timers so late, a request that was to be early is none. ms */
const LATE_MS = 100;
/** To be late is for another case to judge (dead-peer-idle): the measurement waits so much longer, ms. */
const GRACE_MS = 2500;

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
    'Have 57 connections greeted, and leave them idle.',
    'On four send a request 250 to 500 ms before the declared time, and on one a request that takes longer than what is left.',
    'Measure on five when the server closes them; on 25 send a request after that time, from 3 ms less to 3 ms more, and on ten 40 to 200 ms less.',
    'On twelve that became idle together, send one as soon as the first of them is closed.',
  ],
  expected:
    'each request is served whole, or the connection was closed when it came, or it crossed the close; none is lost that the server had time to read',
  why: 'On the wire of the lab nothing is under way: whether the FIN was there before the request is known. A request that is in the socket when the application closes is answered by RST, and the client cannot know whether it was executed. For a server that has just gone to close that cannot be helped (HTTP says so, and clients repeat what is idempotent): such losses are counted and told. But a server that sleeps for 20 ms with a request in its socket and then closes it, that resets a request which comes long before the time-out, or whose timer goes on while a request is served, loses what it should not.',
  lasts: { ms: 2600, why: "the server's idle time-out" },
  wire: async (t: WireCase) => {
    const declaredMs = t.target.traits.timeouts?.idle;
    const { greeting } = t.target;
    if (declaredMs === undefined)
      t.unsupported(`it needs traits.timeouts.idle, which ${t.target.info.name} does not declare`);
    if (greeting === null || greeting.send.length === 0)
      t.unsupported(`${t.target.info.name} has no request that leaves a connection open`);
    const untilMs = declaredMs + GRACE_MS;
    const measured = [aside(timeToClose(t, await idle(t, t.trace), untilMs))];
    while (measured.length < MEASURED) measured.push(aside(timeToClose(t, await idle(t), untilMs)));
    const early = aside(Promise.all(EARLY_MS.map((beforeMs) => shootEarly(t, declaredMs - beforeMs))));
    const slow = aside(shootSlow(t, declaredMs - SLOW_BEFORE_MS));
    const burst = await Promise.all(Array.from({ length: BURST }, () => idle(t)));
    const atOnce = aside(shootWhenOneCloses(t, burst, untilMs));
    // Their turn comes when the first has been measured.
    await delay(AFTER_FIRST_MS);
    const timed: (Idle & { readonly offsetMs: number })[] = [];
    // Those that are due first come last: they have to be still idle when the time is known.
    for (const offsetMs of [...OFFSETS_MS, ...NEAR_MS]) {
      timed.push({ ...(await idle(t)), offsetMs });
      await delay(APART_MS);
    }
    // A busy machine only makes them longer.
    const idleMs = Math.min(...(await Promise.all(measured)).map((ms) => ms ?? Infinity));
    if (idleMs === Infinity)
      t.inconclusive(
        `the target declares timeouts.idle ${declaredMs} ms, and an idle connection is still open after ${untilMs} ms`,
      );
    t.stimulus(
      `requests on idle connections, around the ${idleMs.toFixed(1)} ms after which the server closes one`,
    );
    const byTime = timed
      .map((one) => ({ ...one, atUs: one.fromUs + (idleMs + one.offsetMs) * 1000 }))
      .sort((a, b) => a.atUs - b.atUs);
    const shots: Promise<Shot>[] = [];
    for (const { peer, offsetMs, atUs } of byTime) {
      const leftMs = (atUs - t.trace.now()) / 1000;
      if (leftMs > SPIN_MS) await delay(leftMs - SPIN_MS);
      while (t.trace.now() < atUs) await nextTurn();
      shots.push(aside(shoot(t, peer, NEAR_MS.includes(offsetMs) ? 'near' : 'sharp')));
    }
    judgeShots(t, [...(await Promise.all(shots)), ...(await atOnce), ...(await early)]);
    if ((await slow) === false)
      t.fault(
        'application',
        'a request that came before the idle time-out, and takes longer, is cut off by it',
      );
  },
});

/** A request before any time-out; where we come too late for that, one like the others. */
async function shootEarly(t: WireCase, afterMs: number): Promise<Shot> {
  const { peer, fromUs } = await idle(t);
  await delay(afterMs);
  return shoot(t, peer, (t.trace.now() - fromUs) / 1000 < afterMs + LATE_MS ? 'early' : 'sharp');
}

/** A request whose answer comes after the time-out. @returns whether it came whole; null: the target has none, or had closed, or was closing */
async function shootSlow(t: WireCase, afterMs: number): Promise<boolean | null> {
  const { slow } = t.target.traits;
  if (slow === undefined) return null;
  const { peer, fromUs } = await idle(t);
  await delay(afterMs);
  if (peer.state() !== 'ESTABLISHED' || (t.trace.now() - fromUs) / 1000 > afterMs + LATE_MS) return null;
  peer.data(slow.send);
  const sentUs = t.trace.now();
  const { whole, segment } = await t.answer(peer, slow, slow.afterMs + t.patienceMs);
  // A server that closes earlier than it declares may have gone to close already.
  const hasCrossed = segment !== null && t.trace.at(segment.atUs) - sentUs < CROSSED_MS * 1000;
  return whole || !hasCrossed ? whole : null;
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
