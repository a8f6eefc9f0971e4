import { defineCase } from '#case';

export default defineCase(import.meta.url, {
  title: 'LISTEN: the server waits for connections',
  level: 'must',
  refs: [
    {
      rfc: 9293,
      section: '3.3.2',
      quote: 'LISTEN - represents waiting for a connection request from any remote TCP peer and port.',
    },
  ],
  steps: ['Start the server.', 'Look at the sockets on its port.'],
  expected: "a socket in LISTEN on the server's port",
  why: 'A server that is ready has called bind() and listen(): its socket waits for SYN segments, and is in no connection.',
  wire: (t) => t.confirmListening(),
  loopback: (t) => t.confirmListening(),
});
