import { acceptQueue, breathe, defineCase, type Peer, type WireCase } from '#case';
import { quietPeer } from './accept-queue.ts';

/** So many more SYNs than twice what the queue holds. */
const MORE = 32;

export default defineCase(import.meta.url, {
  title: 'More SYNs than the SYN queue holds: it is capped, and with SYN cookies others are served',
  level: 'robustness',
  refs: [
    { rfc: 4987, section: '3.6' },
    {
      rfc: 4987,
      section: '2.2',
      quote:
        "The SYN flooding attack does not attempt to overload the network's resources or the end host's memory, but merely attempts to exhaust the backlog of half-open connections associated with a port number.",
    },
  ],
  steps: [
    'With net.ipv4.tcp_syncookies 1, send twice as many SYNs as the backlog holds, and no ACK. Greet the server.',
    'Complete one handshake whose SYN-ACK was a cookie, and send a request on it.',
    'Reset what is half-open, and send as many with tcp_syncookies 0.',
  ],
  expected:
    'never more half-open connections than the backlog and one; with cookies every SYN is answered, others are served, and so is who returns a cookie',
  why: 'Half-open connections cost memory that anybody can make a server spend. Past the cap a cookie needs none: the ACK brings back what the SYN-ACK said.',
  wire: async (t) => {
    const { capacity } = acceptQueue(t);
    const count = Math.max(2 * capacity, t.options.scale ?? 0) + MORE;
    // Without cookies the kernel keeps a quarter of this for those that it knows; the backlog is to be the bound here.
    t.sysctl('ipv4.tcp_max_syn_backlog', 4 * count);
    t.sysctl('ipv4.tcp_syncookies', 1);
    const cooked = await flood(t, count, capacity);
    if (cooked.answered.length < count)
      t.fault(
        'states',
        `with SYN cookies ${count - cooked.answered.length} of ${count} SYNs are not answered`,
      );
    await t.othersServed(`while ${cooked.halfOpen} connections are half-open, with SYN cookies`);
    await cookieIsGood(t, cooked);
    await leave(cooked);

    t.sysctl('ipv4.tcp_syncookies', 0);
    const plain = await flood(t, count, capacity);
    await leave(plain);
    await t.othersServed(`after ${plain.halfOpen} half-open connections, without SYN cookies, were reset`);
    t.stimulus(`${count} SYNs without an ACK, with SYN cookies and without`);
    t.conclude(
      `half-open: ${cooked.halfOpen} with cookies (${cooked.answered.length} of ${count} SYNs answered), ${plain.halfOpen} without (${plain.answered.length} answered); the queue holds ${capacity}`,
    );
  },
  loopbackLacks: 'a kernel client always acknowledges a SYN-ACK',
});

interface Flood {
  readonly peers: readonly Peer[];
  readonly answered: readonly Peer[];
  readonly halfOpen: number;
}

/** Sends SYNs alone; the first of them is in the case's timeline. */
async function flood(t: WireCase, count: number, capacity: number): Promise<Flood> {
  t.trace.step(`${count} SYNs`);
  const peers = Array.from({ length: count }, (_, index) => (index === 0 ? t.peer() : quietPeer(t)));
  const first = peers[0]!.syn();
  await t.confirm(peers[0]!, 'SYN_RCVD', 'SYN; its SYN-ACK is not acknowledged', first.stateAfterUs);
  for (const peer of peers.slice(1)) {
    peer.syn();
    await breathe();
  }
  await t.wire.fence();
  const halfOpen = t.target.counts().sockets?.SYN_RCVD ?? 0;
  if (halfOpen > capacity)
    t.fault(
      'states',
      `${halfOpen} connections are half-open, and the queue should hold no more than ${capacity}`,
    );
  return { peers, answered: peers.filter(({ irs }) => irs !== null), halfOpen };
}

/** Resets what is half-open. */
async function leave({ peers }: Flood): Promise<void> {
  for (const peer of peers) {
    peer.close();
    await breathe();
  }
}

/** One that was answered and left no trace has a cookie. */
async function cookieIsGood(t: WireCase, { answered }: Flood): Promise<void> {
  const stranger = answered.findLast((peer) => peer.state() === 'CLOSED');
  if (stranger === undefined)
    return t.fault('states', 'no SYN-ACK was a cookie: each has a half-open connection');
  t.trace.step('the ACK of a cookie, and a request');
  stranger.ack();
  if (!(await t.greets(stranger)))
    t.fault('application', 'a client whose SYN-ACK was a cookie completes the handshake, and is not served');
}
