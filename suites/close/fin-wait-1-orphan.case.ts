import { defineCase } from '#case';
import { expect } from '#expect';

/** Probes that are not answered before the kernel gives up an orphan. */
const RETRIES = 3;
/** The client takes no more than this, bytes. */
const WINDOW = 4096;
/** A server that closes at all has done it by then, ms. */
const CLOSES_MS = 700;
/** No packet tells that the kernel has given up. ms */
const LOOK_EVERY_MS = 20;
/** Longest wait for the end of the orphan, ms. */
const GONE_MS = 8000;

export default defineCase(import.meta.url, {
  title: 'The server closes behind data that the client does not take: probes, then the orphan is reaped',
  level: 'should',
  refs: [
    {
      rfc: 9293,
      section: '3.8.6.1',
      quote:
        'The sending TCP peer must regularly transmit at least one octet of new data (if available), or retransmit to the receiving TCP peer even if the send window is zero, in order to "probe" the window.',
    },
    { rfc: 1122, section: '4.2.2.13' },
    { issue: 'jetty/jetty.project#1848' },
  ],
  steps: [
    'Set net.ipv4.tcp_orphan_retries to 3 in the lab.',
    'Ask for an answer behind which the server closes, take 4 KiB of it, and close the window.',
    'A server that still holds the socket then is ended (SIGKILL): its kernel has the rest.',
    'Answer no probe, and wait until the socket is gone.',
  ],
  expected: 'FIN_WAIT_1 without an owner, zero-window probes, then CLOSED',
  why: 'Nobody can read an error any more. A client that never takes the data would hold the memory of an orphan for ever; many of them exhaust it (tcp_max_orphans).',
  needs: ['largeThenCloses'],
  lasts: { ms: 3500, why: 'probes after 0.2, 0.6, 1.4 and 3 s' },
  wire: async (t) => {
    t.sysctl('ipv4.tcp_orphan_retries', RETRIES);
    t.sysctl('ipv4.tcp_retries2', RETRIES + 2);
    const { send } = t.trait('largeThenCloses');
    const peer = await t.connected({ window: WINDOW });
    await t.accepted(peer);
    peer.data(send);
    const { end } = await peer.outcome(t.patienceMs, (bytes) => bytes.length >= WINDOW);
    if (end !== null) t.fail('application', `the server ends by ${end} before its answer is taken`);
    peer.window = 0;
    peer.ack();
    const closesUs = t.trace.now() + CLOSES_MS * 1000;
    while ((peer.state() === 'ESTABLISHED' || t.isOwned(peer)) && t.trace.now() < closesUs)
      await peer.changed(1);
    if (t.isOwned(peer)) await t.endServer();
    await t.confirm(peer, 'FIN_WAIT_1', 'the server closes behind data that the client does not take', 0);
    const sinceUs = t.trace.now();
    const probesMs: number[] = [];
    for (;;) {
      const isGone = peer.state() === 'CLOSED' || t.trace.now() - sinceUs > GONE_MS * 1000;
      // Probes that came while we were kept waiting are still to be told.
      const probe = await peer.expect({ length: 0, has: 'A' }, isGone ? 0 : LOOK_EVERY_MS).catch(() => null);
      if (probe !== null) probesMs.push((t.trace.at(probe.atUs) - sinceUs) / 1000);
      else if (isGone) break;
    }
    await expect(peer).to.reach('CLOSED').within(GONE_MS);
    const goneMs = (t.trace.now() - sinceUs) / 1000;
    if (probesMs.length === 0) t.fault('states', 'the window was never probed');
    const at = probesMs.map((ms) => (ms / 1000).toFixed(2)).join(', ');
    t.conclude(`probes at ${at} s; gone after ${(goneMs / 1000).toFixed(2)} s`);
  },
  loopbackLacks: 'a kernel client answers every probe',
});
