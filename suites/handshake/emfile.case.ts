import { defineCase, type WireCase } from '#case';
import { exhaust, served, type Exhaustion } from './exhaust.ts';

/** How many descriptors each process may still open: some for connections, some for what an answer takes. */
const SPARE = 8;
/** A thread that is busy for so much of every window works without a pause, or as good as that. */
const RESTLESS = 0.5;
/** A server that pauses before it tries again is calm in one of these, ms. */
const WINDOW_MS = 100;
const WINDOWS = 4;

export default defineCase(import.meta.url, {
  title: 'No descriptors left for accept(): it rests, and serves again when there are some',
  level: 'robustness',
  refs: [
    { issue: 'tiny-http/tiny-http#283' },
    { issue: 'yesodweb/wai#928' },
    { issue: 'payjoin/rust-payjoin#1608' },
  ],
  steps: [
    `Let each process of the server open ${SPARE} more descriptors, and no more (RLIMIT_NOFILE by prlimit).`,
    'Connect until they are used up, and have a few more clients connect.',
    'Watch how busy the server is, then close the connections, under the same limit still.',
    'Use them up again, and give back the limit, with all connections open.',
  ],
  expected:
    'the server lives and rests; those that wait are served (or were turned away at once) when there are descriptors again; so is a new client',
  why: 'accept() fails with EMFILE and the connection stays in the queue, so that the listener is readable still: a loop that only tries again takes a whole processor, and one that gives up is deaf for ever.',
  eitherFamily: true,
  lasts: {
    ms: 2000,
    why: 'how busy the server is is measured; many pause for some time before they accept again',
  },
  wire: async (t) => {
    const { process } = t.target;
    if (process === null) return t.unsupported('its processes are not ours to limit');
    const limits = process.limitFds(SPARE);
    t.cleanup(() => limits.restore());
    t.trace.step(`prlimit: ${SPARE} more descriptors for each of ${limits.spare().length} processes`);

    const first = await exhaust(t, limits);
    t.stimulus(`${first.held.length} connections use up the descriptors of the server, more clients wait`);
    t.note(`${first.waiting.length} wait`, await t.listenerLines());
    const share = await leastBusy(t);
    if (share >= RESTLESS)
      t.fault(
        'application',
        `the server is busy for ${percent(share)} of the time while it has no descriptors left`,
      );
    t.trace.step('the clients that hold connections leave');
    for (const peer of first.held) peer.rst();
    const afterClose = await judge(t, first, 'after connections were closed');
    await t.othersServed('after its descriptors were used up, and connections were closed');

    const second = await exhaust(t, limits);
    t.trace.step('the limit is as before');
    limits.restore();
    const afterRaise = await judge(t, second, 'after the limit was raised');
    await t.othersServed('after its descriptors were used up, and the limit was raised');
    t.conclude(
      `used up by ${first.held.length} connections, a thread then busy for ${percent(share)} of the time; when connections were closed: ${afterClose}; when the limit was raised: ${afterRaise}`,
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

/** The share of its time for which the server's busiest thread worked or waited for a processor, in the calmest window. */
async function leastBusy({ target }: WireCase): Promise<number> {
  let least = 1;
  for (let window = 0; window < WINDOWS && least >= RESTLESS; window++) {
    const before = target.process!.threadTimes();
    const fromMs = performance.now();
    await new Promise((resolve) => setTimeout(resolve, WINDOW_MS));
    const now = target.process!.threadTimes();
    const passedNs = (performance.now() - fromMs) * 1e6;
    const busiest = Math.max(0, ...[...now].map(([thread, time]) => time - (before.get(thread) ?? time)));
    least = Math.min(least, busiest / passedNs);
  }
  return least;
}

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
