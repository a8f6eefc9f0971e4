import { defineCase, Trace, type Exchange, type Peer, type WireCase } from '#case';
import { parseAddress } from '#tcp';
import { startAgain } from './restart.ts';

/** How many connections are complete and not accepted when the signal comes. */
const QUEUED = 2;
/** Beyond the time that the answer takes, a server has this for its end, ms. */
const END_MS = 2000;
/** How often it is tried to be quicker than the answer. */
const ATTEMPTS = 3;
/** A window that holds back the rest of a large answer. */
const WINDOW = 4096;

/** A server at rest, looked at so many times, has nothing more to do with a request for now. */
const RESTING_LOOKS = 4;

export default defineCase(import.meta.url, {
  title: 'SIGTERM with a request under way, an idle connection and others not accepted yet',
  level: 'policy',
  refs: [
    { issue: 'envoyproxy/envoy#8031' },
    { issue: 'golang/go#36819' },
    { issue: 'benoitc/gunicorn#2567' },
    { issue: 'benoitc/gunicorn#3397' },
  ],
  steps: [
    'Send a request whose answer takes a second (or a large one, read slowly); have another connection answered and leave it idle.',
    "Stop the server's processes (SIGSTOP), and have clients connect and ask: they are not accepted.",
    'SIGTERM, and SIGCONT. See what becomes of each connection, and of the process.',
    'Start the server again.',
  ],
  expected:
    'policy.drain: the request under way is answered (drain), or its connection ends without the whole answer (reset); what becomes of the others is reported; started again, it serves',
  why: 'A deployment sends SIGTERM to every server there is. Whether requests are lost each time is for the server to promise, and for its users to know.',
  eitherFamily: true,
  lasts: { ms: 2200, why: 'the answer under way takes a second' },
  wire: async (t) => {
    const { process, traits } = t.target;
    if (process === null) return t.unsupported('its process is not ours to end');
    const request = traits.slow ?? traits.large;
    if (request === undefined)
      return t.unsupported(
        `it needs traits.slow or traits.large, which ${t.target.info.name} does not declare; give one with --path slow=/slow or --path large=/big`,
      );
    const idle = await t.connected({ trace: new Trace() });
    if (!(await t.greets(idle))) t.fail('application', 'the server does not answer its greeting');
    idle.ack();
    const { busy, queued } = await occupy(t, request);

    t.trace.step('SIGTERM to the server, then SIGCONT');
    const atMs = performance.now();
    const waitMs = (traits.slow?.afterMs ?? 0) + END_MS;
    const ended = terminate(t);
    const [answer, ...others] = await Promise.all([
      end(t, busy, waitMs, request),
      end(t, idle, waitMs),
      ...queued.map((peer) => end(t, peer, waitMs, t.target.greeting)),
    ]);
    const leftMs = Math.max(0, waitMs - (performance.now() - atMs));
    const lasted = await Promise.race([
      ended,
      new Promise<null>((resolve) => setTimeout(resolve, leftMs, null)),
    ]);
    const detail = [
      `under way: ${answer.text}`,
      `idle: ${others[0].text}`,
      `not accepted: ${others
        .slice(1)
        .map(({ text }) => text)
        .join(' and ')}`,
      lasted === null
        ? `the process outlived it by ${waitMs} ms`
        : `the process ended after ${lasted.toFixed(0)} ms`,
    ].join('; ');
    const peers = [busy, idle, ...queued];
    await startAgain(t, 'what SIGTERM has left', () => peers.forEach((peer) => peer.close()));
    t.stimulus('SIGTERM while a request is under way');
    t.policy('policy.drain', traits.policy?.drain, answer.seen, detail);
  },
  loopbackLacks: 'it is done with packets in our hands alone',
});

/** Has a request under way, and stops the server, so that what comes then is not accepted. */
async function occupy(t: WireCase, request: Exchange): Promise<{ busy: Peer; queued: Peer[] }> {
  const { slow } = t.target.traits;
  await t.pauseServer();
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    await t.target.process!.resume();
    const busy = await t.connected(slow === undefined ? { window: WINDOW } : {});
    await t.confirm(busy, 'ESTABLISHED', 'a request will be under way', 0);
    const askedMs = performance.now();
    busy.data(request.send);
    if (slow === undefined) await busy.read((bytes) => bytes.length > 0);
    else await takenUp(t, busy);
    await t.target.process!.pause();
    const queued = await Promise.all(Array.from({ length: QUEUED }, () => unaccepted(t)));
    // Else the answer may be there before the signal is.
    if (slow === undefined || performance.now() - askedMs < slow.afterMs / 2) return { busy, queued };
    for (const peer of [busy, ...queued]) peer.close();
  }
  return t.inconclusive('this machine is too busy to send a signal while the request is under way');
}

/** A client that has asked and is not accepted: the server is stopped. */
async function unaccepted(t: WireCase): Promise<Peer> {
  const peer = t.peer({ trace: new Trace() });
  await peer.connect();
  const { send = '' } = t.target.greeting ?? {};
  if (send.length > 0) peer.data(send);
  return peer;
}

/** Waits until the application has read what it was sent, and passed it on. */
async function takenUp(t: WireCase, peer: Peer): Promise<void> {
  const { local, remote } = peer.tuple;
  const socket = (): { recvQueue: number; inode: number } | null =>
    t.target.host.sockets!.get({
      local: parseAddress(local.address),
      localPort: local.port,
      remote: parseAddress(remote.address),
      remotePort: remote.port,
    });
  const deadlineMs = performance.now() + t.patienceMs;
  for (let now = socket(); now === null || now.inode === 0 || now.recvQueue > 0; now = socket()) {
    if (performance.now() > deadlineMs) t.inconclusive('the server did not read the request');
    await peer.changed(1);
  }
  // One that has read it may still have to pass it on: it is under way when nobody works on it.
  const { process } = t.target;
  for (let looks = 0; looks < RESTING_LOOKS && performance.now() < deadlineMs;) {
    await peer.changed(1);
    looks = process?.isRunning() === true ? 0 : looks + 1;
  }
}

/** SIGTERM. @returns how long the process lasted, ms, once it has ended */
function terminate(t: WireCase): Promise<number> {
  const process = t.target.process!;
  t.endedProcess = true;
  const atMs = performance.now();
  process.signal('SIGTERM');
  // It was stopped; it may have ended before that is seen to be over.
  void process.resume().catch(() => undefined);
  return process.died.then(() => performance.now() - atMs);
}

/** What becomes of a connection, in words and in one. @param asked what it waits for the answer to */
async function end(
  t: WireCase,
  peer: Peer,
  withinMs: number,
  asked: Exchange | null = null,
): Promise<{ seen: 'drain' | 'reset' | 'hang'; text: string }> {
  const answer = asked === null ? await peer.outcome(withinMs) : await t.answer(peer, asked, withinMs);
  const { bytes, end: closed } = answer;
  if (closed === 'FIN') {
    peer.ack();
    peer.fin();
  }
  if ('whole' in answer && answer.whole) return { seen: 'drain', text: 'answered' };
  const what = asked === null ? '' : bytes.length === 0 ? 'no answer, ' : `${bytes.length} bytes, `;
  return { seen: closed === null ? 'hang' : 'reset', text: `${what}${closed ?? 'left open'}` };
}
