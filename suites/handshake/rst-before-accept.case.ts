import { acceptQueue, defineCase } from '#case';
import { expect } from '#expect';

import { acceptGoesOn, type Departure } from './departed.ts';

/** Without a request and with one: the application finds a dead connection empty, or with data before the error. */
const resets: readonly Departure[] = [
  { asks: false, leave: (peer) => peer.rst() },
  { asks: true, leave: (peer) => peer.rst() },
];

export default defineCase(import.meta.url, {
  title: 'Clients that reset before they are accepted: accept goes on',
  level: 'robustness',
  refs: [
    { issue: 'tiny-http/tiny-http#283' },
    { issue: 'grpc/grpc#29318' },
    {
      rfc: 9293,
      section: '3.10.7.4',
      quote:
        'If the RST bit is set, then any outstanding RECEIVEs and SEND should receive "reset" responses.',
    },
  ],
  steps: [
    "Stop the server's processes (SIGSTOP).",
    'Connect several times, with a request and without, and reset each connection; connect others that stay.',
    'Let the server go on (SIGCONT).',
  ],
  expected: 'the server is alive, and those that stayed are served',
  why: 'Between the handshake and accept() a client may be gone. accept() then fails (ECONNABORTED), or gives a dead socket; neither is a reason to stop accepting.',
  eitherFamily: true,
  wire: (t) =>
    acceptGoesOn(t, resets, async (first, gone) => {
      expect(first).to.be.in.state('CLOSED');
      const { queued, capacity } = acceptQueue(t);
      t.note(
        `${queued} of ${capacity} wait in the accept queue, ${gone} of them reset`,
        await t.listenerLines(),
      );
    }),
  loopbackLacks: 'it is done with packets in our hands alone',
});
