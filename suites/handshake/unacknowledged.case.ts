import { defineCase, type Peer, type WireCase } from '#case';
import { expect } from '#expect';

/** RFC 6298 section 2.1: the first time-out when nothing is known of the round trip, ms. */
const FIRST_MS = 1000;

/** A timer of the kernel fires no earlier than so much before its time, and up to so much after it, ms. */
const EARLY_MS = 100;
const LATE_MS = 1500;

export default defineCase(import.meta.url, {
  title: 'The final ACK never comes: the SYN-ACK is sent again after 1 and 3 s, and given up',
  level: 'must',
  refs: [
    {
      rfc: 6298,
      section: '2.1',
      quote:
        'Until a round-trip time (RTT) measurement has been made for a segment sent between the sender and receiver, the sender SHOULD set RTO <- 1 second',
    },
    { rfc: 6298, section: '5.5', quote: 'The host MUST set RTO <- RTO * 2 ("back off the timer").' },
    { rfc: 9293, section: '3.8.1' },
  ],
  steps: [
    'Set net.ipv4.tcp_synack_retries to 2 (with --slow: 3).',
    'Send a SYN, and acknowledge nothing.',
    'Measure when the SYN-ACK is sent again, and when the server gives up; greet it meanwhile.',
    'Send the ACK that is too late.',
  ],
  expected:
    'SYN_RCVD; SYN-ACKs at 0, 1, 3 s (with --slow 7 s too), gone at 7 s (15 s); the late ACK is answered by a RST',
  why: 'A client that has vanished in the handshake must cost the server a moment, not a connection: the application never learns of it.',
  lasts: { ms: 7300, why: 'the SYN-ACK is sent again with back-off until the server gives up' },
  wire: async (t) => {
    const retries = t.options.slow ? 3 : 2;
    t.sysctl('ipv4.tcp_synack_retries', retries);
    const peer = t.peer();
    const syn = peer.syn();
    const first = await peer.expect({ flags: 'SA', ack: peer.sndNxt });
    const startUs = t.trace.now();
    const passedMs = (): number => (t.trace.now() - startUs) / 1000;
    await t.confirm(peer, 'SYN_RCVD', 'SYN; its SYN-ACK is not acknowledged', syn.stateAfterUs);
    await t.othersServed('while a handshake is not complete');
    const sentMs = [0];
    for (let count = 1; count <= retries; count++) {
      const dueMs = FIRST_MS * (2 ** count - 1);
      const again = await sentAgain(t, peer, dueMs - passedMs() + LATE_MS);
      sentMs.push((again.atUs - first.atUs) / 1000);
      checkTime(t, `its SYN-ACK is sent again (${count})`, sentMs.at(-1)!, dueMs);
      expect(peer).to.be.in.state('SYN_RCVD');
    }
    await t.othersServed('while its SYN-ACKs are not acknowledged');
    const goneMs = FIRST_MS * (2 ** (retries + 1) - 1);
    await expect(peer)
      .to.reach('CLOSED')
      .within(goneMs - passedMs() + LATE_MS);
    const tookMs = passedMs();
    checkTime(t, 'the half-open connection is gone', tookMs, goneMs);
    peer.ack();
    await peer.expect({ flags: 'R', seq: peer.rcvNxt! });
    t.conclude(
      `SYN-ACKs after ${sentMs.map((ms) => (ms / 1000).toFixed(2)).join(', ')} s, gone after ${(tookMs / 1000).toFixed(2)} s (tcp_synack_retries ${retries}); a late ACK: RST`,
    );
  },
  loopbackLacks: 'a kernel client always acknowledges a SYN-ACK',
});

async function sentAgain(t: WireCase, peer: Peer, withinMs: number): Promise<{ atUs: number }> {
  try {
    return await peer.expect({ flags: 'SA', retransmission: true }, withinMs);
  } catch {
    return t.fail('states', `the server did not send its SYN-ACK again within ${withinMs.toFixed(0)} ms`);
  }
}

function checkTime(t: WireCase, what: string, ms: number, dueMs: number): void {
  if (ms >= dueMs - EARLY_MS && ms <= dueMs + LATE_MS) return;
  t.fault('states', `${what} after ${ms.toFixed(0)} ms, and was due at ${dueMs} ms`);
}
