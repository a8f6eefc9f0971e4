import { defineCase } from '#case';
import { expect } from '#expect';

/**
 * net.ipv4.tcp_orphan_retries: Linux gives up at the first time-out that comes later than two retransmissions would with an
 * RTO of 0.2 s, which is 1.4 s. With that RTO it sends the FIN three times again, with a longer one twice.
 */
const RETRIES = 2;
/** The least RTO of Linux, ms. It doubles: 0.2, 0.6, 1.4 s. On a busy machine we see them late, never early. */
const LEAST_RTO_MS = 200;
/** A jiffy at 100 Hz, ms. */
const GRAIN_MS = 10;
/** No packet tells that the kernel has given up. ms */
const LOOK_EVERY_MS = 20;
/** Longest wait for the next retransmission, or the end, ms. */
const NEXT_MS = 4000;

export default defineCase(import.meta.url, {
  title: "The last ACK is withheld: the server's FIN is sent again with back-off, then given up",
  level: 'must',
  refs: [
    {
      rfc: 9293,
      section: '3.3.2',
      quote:
        'LAST-ACK - represents waiting for an acknowledgment of the connection termination request previously sent to the remote TCP peer',
    },
    { rfc: 6298, section: '5.5', quote: 'The host MUST set RTO <- RTO * 2 ("back off the timer").' },
    { rfc: 9293, section: '3.8.3' },
  ],
  steps: [
    'Set net.ipv4.tcp_orphan_retries and tcp_retries2 to 2 in the lab, and no probe of the tail (tcp_early_retrans 0).',
    'Send FIN; the server closes too; do not acknowledge its FIN.',
    'Count the retransmissions and their intervals, until the socket is gone.',
  ],
  expected: 'LAST_ACK; the FIN again at growing intervals; then CLOSED',
  why: 'The FIN takes a sequence number and is reliable like data. A client that vanishes now must not hold the socket for ever.',
  lasts: { ms: 3500, why: 'the FIN is sent again after 0.2, 0.6 and 1.4 s, and given up after 3 s' },
  wire: async (t) => {
    t.sysctl('ipv4.tcp_orphan_retries', RETRIES);
    t.sysctl('ipv4.tcp_retries2', RETRIES);
    t.sysctl('ipv4.tcp_early_retrans', 0);
    const peer = await t.connected();
    await t.accepted(peer);
    // Before its FIN: that we may read late.
    const sinceUs = t.trace.now();
    const { stimulus, afterUs } = await t.serverClosesAfterFin(peer);
    await t.confirm(peer, 'LAST_ACK', `${stimulus}, its FIN is not acknowledged`, afterUs);
    const atMs = [0];
    const lateMs = (): number => (t.trace.now() - sinceUs) / 1000 - atMs.at(-1)!;
    for (;;) {
      const isGone = peer.state() !== 'LAST_ACK' || lateMs() > NEXT_MS;
      // Those that came while we were kept waiting are still to be told.
      const again = await peer
        .expect({ has: 'F', retransmission: true }, isGone ? 0 : LOOK_EVERY_MS)
        .catch(() => null);
      if (again !== null) atMs.push((t.trace.at(again.atUs) - sinceUs) / 1000);
      else if (isGone) break;
    }
    await expect(peer).to.reach('CLOSED').within(NEXT_MS);
    const intervals = atMs.slice(1).map((at, index) => at - atMs[index]!);
    const seconds = (list: readonly number[]): string => list.map((ms) => (ms / 1000).toFixed(2)).join(', ');
    if (intervals.length < RETRIES)
      t.fail('states', `the FIN was sent again ${intervals.length} times before the server gave up`);
    const isEarly = atMs.some((ms, times) => ms < (2 ** times - 1) * LEAST_RTO_MS - GRAIN_MS);
    if (isEarly)
      t.fault('states', `the FIN was sent again at intervals that do not grow: ${seconds(intervals)} s`);
    const goneS = ((t.trace.now() - sinceUs) / 1e6).toFixed(2);
    t.conclude(`the FIN again at ${seconds(atMs.slice(1))} s; gone after ${goneS} s`);
  },
  loopbackLacks: 'a kernel client always acknowledges',
});
