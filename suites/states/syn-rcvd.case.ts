import { defineCase } from '#case';

export default defineCase(import.meta.url, {
  title: 'SYN_RCVD: a client sends a SYN and never acknowledges the answer',
  level: 'must',
  refs: [
    {
      rfc: 9293,
      section: '3.3.2',
      quote:
        'SYN-RECEIVED - represents waiting for a confirming connection request acknowledgment after having both received and sent a connection request.',
    },
  ],
  steps: ['Send a SYN.', 'Receive the SYN-ACK, and do not acknowledge it.'],
  expected: 'SYN_RCVD',
  why: 'The kernel answers the SYN by itself; the application learns of the connection when the handshake is complete.',
  wire: async (t) => {
    const peer = t.peer();
    const syn = peer.syn();
    await peer.expect({ flags: 'SA', ack: peer.sndNxt });
    await t.confirm(peer, 'SYN_RCVD', 'SYN; its SYN-ACK is not acknowledged', syn.stateAfterUs);
  },
  loopbackLacks: 'a kernel client always acknowledges a SYN-ACK, and this server does not defer accept',
  loopback: async (t) => {
    const { client, afterUs } = t.deferredClient();
    await t.confirm(client, 'SYN_RCVD', 'connect() to a port that defers accept, and no data', afterUs);
  },
});
