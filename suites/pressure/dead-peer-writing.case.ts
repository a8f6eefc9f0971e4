import { defineCase } from '#case';
import { atSeconds, watchLettingGo, watchMs } from './letting-go.ts';

/** So much of the answer is read before the client vanishes, bytes. */
const READ_BYTES = 16 * 1024;
/** net.ipv4.tcp_retries2 where the kernel's bound is all there is. */
const RETRIES2 = 2;
/**
 * The kernel's own bound then, ms: it gives up when a time-out finds that 1.4 s have passed since the first retransmission
 * (2^(RETRIES2 + 1) - 1 times 200 ms, net/ipv4/tcp_timer.c), and the time-outs are at 0.2, 0.6, 1.4 and 3 s.
 */
const KERNEL_MS = 3200;
/** Linux's least retransmission time-out (TCP_RTO_MIN). ms */
const LEAST_RTO_MS = 200;
/** A timer of the kernel fires up to this much late on a busy machine. ms */
const LATE_MS = 1500;

export default defineCase(import.meta.url, {
  title: 'A client vanishes in the middle of a large answer',
  level: 'policy',
  refs: [
    {
      rfc: 9293,
      section: '3.8.3',
      quote:
        'When the number of transmissions of the same segment reaches a threshold R2 greater than R1, close the connection.',
    },
    { rfc: 6298, section: '5.5', quote: 'The host MUST set RTO <- RTO * 2 ("back off the timer").' },
    { issue: 'linkerd/linkerd2#13023' },
    { issue: 'redis/redis#949' },
  ],
  needs: ['large'],
  eitherFamily: true,
  steps: [
    'Ask for the large answer, read its beginning, and then answer nothing, not even with an acknowledgement.',
    'Without a declared bound, set net.ipv4.tcp_retries2 to 2: the kernel gives up after 3 s.',
    "Count retransmissions, and wait until the server's application lets go of the connection.",
  ],
  expected:
    'retransmissions with back-off; the connection is let go within policy.deadPeerWritingMs, or else timeouts.write',
  why: 'The kernel retransmits for a quarter of an hour or so before it gives a peer up (tcp_retries2). A server that wants its memory back sooner must have a time-out for writing, or set TCP_USER_TIMEOUT.',
  lasts: { ms: 3200, why: "the server's write time-out, or 3 s until the kernel gives up" },
  wire: async (t) => {
    const { send } = t.trait('large');
    const { policy, timeouts } = t.target.traits;
    const bound = policy?.deadPeerWritingMs ?? timeouts?.write;
    const trait = policy?.deadPeerWritingMs === undefined ? 'timeouts.write' : 'policy.deadPeerWritingMs';
    const isKernels = bound === undefined || bound === 'never';
    if (isKernels) t.sysctl('ipv4.tcp_retries2', RETRIES2);
    const peer = await t.connected();
    peer.data(send);
    await peer.read((read) => read.length >= READ_BYTES, t.patienceMs);
    t.trace.step('the client vanishes');
    const sinceUs = t.trace.now();
    const stimulus = `${READ_BYTES} bytes of a large answer are read, and the client answers nothing any more`;
    await t.confirm(peer, 'ESTABLISHED', stimulus, 0);
    const { tookMs, atMs, waitedMs, still } = await watchLettingGo(t, peer, {
      sinceUs,
      withinMs: isKernels ? KERNEL_MS + LATE_MS : watchMs(t, bound, 0),
      pattern: { retransmission: true },
    });
    const detail = `retransmissions ${atSeconds(atMs)}`;
    if (waitedMs > 1000 && atMs.length === 0) t.fault('states', 'the kernel retransmitted nothing');
    // With each time-out twice the one before, there is no room for more; when they came we may learn late.
    if (atMs.length > Math.log2(waitedMs / LEAST_RTO_MS + 1) + 1)
      t.fault('states', `the kernel does not back off: ${detail}`);
    if (isKernels && tookMs === null)
      t.fault(
        'states',
        `the kernel has not given up after ${waitedMs.toFixed(0)} ms (tcp_retries2 ${RETRIES2})`,
      );
    const judgedMs = still.lessThis(tookMs, bound);
    const by = isKernels ? ` (by the kernel, tcp_retries2 ${RETRIES2})` : '';
    t.bound(
      trait,
      bound,
      judgedMs,
      `${detail}; a client that is gone is let go${by}${String(still)}`,
      waitedMs,
    );
  },
});
