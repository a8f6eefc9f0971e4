import { defineCase } from '#case';

export default defineCase(import.meta.url, {
  title: 'ESTABLISHED: the handshake is complete',
  level: 'must',
  refs: [
    {
      rfc: 9293,
      section: '3.3.2',
      quote: 'ESTABLISHED - represents an open connection, data received can be delivered to the user.',
    },
  ],
  steps: ['Send a SYN, receive the SYN-ACK, acknowledge it.'],
  expected: 'ESTABLISHED',
  why: 'The third segment of the handshake tells the server that its own SYN arrived: both directions are open.',
  wire: async (t) => {
    const peer = t.peer();
    peer.syn();
    await peer.expect({ flags: 'SA', ack: peer.sndNxt });
    const ack = peer.ack();
    await t.confirm(peer, 'ESTABLISHED', 'SYN, and the ACK of its SYN-ACK', ack.stateAfterUs);
  },
  loopback: async (t) => {
    const { client, afterUs } = t.timedClient();
    await t.confirm(client, 'ESTABLISHED', 'connect()', afterUs);
  },
});
