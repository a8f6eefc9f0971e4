import { defineCase } from '#case';

export default defineCase(import.meta.url, {
  title: 'SYN_SENT: the server dials out, and nobody answers',
  level: 'must',
  refs: [
    {
      rfc: 9293,
      section: '3.3.2',
      quote:
        'SYN-SENT - represents waiting for a matching connection request after having sent a connection request.',
    },
  ],
  steps: [
    'Make the server dial out, in its own way (a proxy: a request; Redis: REPLICAOF).',
    'Do not answer its SYN.',
  ],
  expected: 'SYN_SENT',
  why: 'connect() sends a SYN and waits for a SYN-ACK. While none comes, the SYN is sent again and the state stays.',
  wire: async (t) => {
    const { peer, stimulus, afterUs } = await t.dialled();
    await t.confirm(peer, 'SYN_SENT', stimulus, afterUs);
  },
  loopback: async (t) => {
    const { socket, stimulus, afterUs } = await t.dialled();
    await t.confirm(socket, 'SYN_SENT', stimulus, afterUs);
  },
});
