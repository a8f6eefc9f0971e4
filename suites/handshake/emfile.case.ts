import { defineCase, type ProcessControl, type WireCase } from '#case';
import { exhaust, lasts, served, type Exhaustion } from './exhaust.ts';

/** How many descriptors each process may still open: for connections, for what an answer takes, and for what a new child begins with. */
const SPARE = 32;
/** A server that works for so much of the time does not rest: one that pauses before it tries again needs a hundredth. */
const RESTLESS = 0.25;
/** It is watched for so long, again where it seems restless, ms. */
const WINDOW_MS = 300;
const LOOK_MS = 15;
/** Of a server at rest nobody expects so much log in that time: hundreds of lines. bytes */
const MUCH_LOG = 32 * 1024;
const TRIES = 4;

export default defineCase(import.meta.url, {
  title: 'No descriptors left for accept(): it rests, and serves again when there are some',
  level: 'robustness',
  refs: [{ issue: 'yesodweb/wai#928' }, { issue: 'payjoin/rust-payjoin#1608' }],
  steps: [
    `Let each process of the server open ${SPARE} more descriptors, and no more (RLIMIT_NOFILE by prlimit).`,
    'Connect until they are used up, and have a few more clients connect.',
    'Watch how busy the server is, then close the connections, under the same limit still.',
    'Use them up again, give back the limit, and close the connections.',
  ],
  expected:
    'the server lives and rests; those that wait are served (or were turned away at once) when there are descriptors again; so is a new client',
  why: 'accept() fails with EMFILE and the connection stays in the queue, so that the listener is readable still: a loop that only tries again takes a whole processor, and one that gives up is deaf for ever.',
  eitherFamily: true,
  lasts: {
    ms: 2000,
    why: 'the server is watched while it has none; many pause for some time before they accept again',
  },
  wire: async (t) => {
    const { process } = t.target;
    if (process === null) return t.unsupported('its processes are not ours to limit');
    const limits = process.limitFds(SPARE);
    t.cleanup(() => limits.restore());
    t.trace.step(`prlimit: ${SPARE} more descriptors for each of ${limits.spare().length} processes`);

    const { first, share, logBytes } = await watchExhausted(t, limits);
    // One that tells of each try waits for whoever reads its log, and seems to rest.
    const logs = logBytes < MUCH_LOG ? '' : `, and writes ${Math.round(logBytes / 1024)} KiB of log`;
    if (share >= RESTLESS || logs !== '')
      t.fault(
        'application',
        `the server does not rest: it is busy for ${percent(share)} of the time${logs} while it has no descriptors left`,
      );
    t.trace.step('the clients that hold connections leave');
    for (const peer of first.held) peer.rst();
    const afterClose = await judge(t, first, 'after connections were closed');
    await t.othersServed('after its descriptors were used up, and connections were closed');

    const second = await exhaust(t, limits, SPARE);
    t.trace.step('the limit is as before, and the clients leave');
    limits.restore();
    for (const peer of second.held) peer.rst();
    const afterRaise = await judge(t, second, 'after the limit was raised');
    await t.othersServed('after its descriptors were used up, and the limit was raised');
    t.conclude(
      `used up by ${first.held.length} connections, busy then for ${percent(share)} of the time; when connections were closed: ${afterClose}; when the limit was raised: ${afterRaise}`,
    );
  },
  loopbackLacks: 'the limits of a server are changed in a lab alone',
});

async function judge(t: WireCase, clients: Exhaustion, when: string): Promise<string> {
  const { waiting, turnedAway } = clients;
  const lost = await served(t, waiting);
  if (lost > 0)
    t.fault('application', `${lost} of ${waiting.length} clients that waited are not served ${when}`);
  return `${waiting.length - lost} of ${waiting.length} that waited are served, ${turnedAway} were turned away`;
}

interface Load {
  readonly first: Exhaustion;
  /** For how much of the time the server works or waits for a processor. */
  readonly share: number;
  readonly logBytes: number;
}

/** An idle time-out may give a server descriptors back while it is watched: what it does then says nothing. */
async function watchExhausted(t: WireCase, limits: Parameters<typeof exhaust>[1]): Promise<Load> {
  const process = t.target.process!;
  for (let tries = 1; ; tries++) {
    // What it writes before it is watched counts: when nobody reads, it waits, and would seem to rest.
    const before = process.logBytes();
    const first = await exhaust(t, limits, SPARE);
    t.stimulus(`${first.held.length} connections use up the descriptors of the server, more clients wait`);
    t.note(`${first.waiting.length} wait`, await t.listenerLines());
    const share = await watchTwice(process);
    const load = { first, share, logBytes: process.logBytes() - before };
    if (share >= RESTLESS || lasts(t, first) || tries === TRIES) return load;
    t.trace.step('the server has closed connections meanwhile: once more');
    for (const peer of [...first.held, ...first.waiting]) peer.rst();
  }
}

async function watchTwice(process: ProcessControl): Promise<number> {
  const first = await watch(process);
  return first < RESTLESS ? first : (first + (await watch(process))) / 2;
}

/** The kernel books a wait for a processor when it is over; that a thread is runnable is seen at once. The larger share counts. */
async function watch(process: ProcessControl): Promise<number> {
  const before = process.threadTimes();
  const fromMs = performance.now();
  let looks = 0;
  let runnable = 0;
  while (performance.now() - fromMs < WINDOW_MS) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    looks += 1;
    if (process.isRunning()) runnable += 1;
  }
  const now = process.threadTimes();
  const passedNs = (performance.now() - fromMs) * 1e6;
  const busiest = Math.max(0, ...[...now].map(([thread, time]) => time - (before.get(thread) ?? time)));
  return Math.max(busiest / passedNs, runnable / looks);
}

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
