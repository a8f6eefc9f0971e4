import { defineCase } from '#case';
import { acceptGoesOn, type Departure } from './departed.ts';

const ends: readonly Departure[] = [
  { asks: false, leave: (peer) => peer.fin() },
  { asks: true, leave: (peer) => peer.fin() },
];

export default defineCase(import.meta.url, {
  title: 'Clients that close before they are accepted: accept goes on',
  level: 'robustness',
  refs: [
    { issue: 'grpc/grpc#29318' },
    { rfc: 9293, section: '3.10.7.4', quote: 'Enter the CLOSE-WAIT state.' },
  ],
  steps: [
    "Stop the server's processes (SIGSTOP).",
    'Connect several times, with a request and without, and close each connection; connect others that stay.',
    'Let the server go on (SIGCONT).',
  ],
  expected: 'the server is alive, those that stayed are served, and those that left are let go',
  why: 'A connection may be in CLOSE_WAIT when it is accepted, which is no error: read() tells its end at once.',
  eitherFamily: true,
  wire: (t) =>
    acceptGoesOn(t, ends, async (first, gone) => {
      await t.confirm(
        first,
        'CLOSE_WAIT',
        `${gone} clients connect and close while the server is stopped`,
        0,
      );
    }),
  loopbackLacks: 'it is done with packets in our hands alone',
});
