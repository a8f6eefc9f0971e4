import { defineCase } from '#case';
import { restartOver, serverClosesFirst, TWO_RESTARTS } from './restart.ts';

export default defineCase(import.meta.url, {
  title: 'Started again while a connection of before is in TIME_WAIT',
  level: 'robustness',
  refs: [{ issue: 'neondatabase/neon#801' }, { rfc: 9293, section: '3.6.1' }],
  steps: [
    'Have the server close first, acknowledge its FIN, and send a FIN: TIME_WAIT.',
    'End the process (SIGKILL; then all again with SIGTERM), and start the server again.',
  ],
  expected: 'TIME_WAIT stays, and it binds and serves',
  why: 'It is the server that closes first which has TIME_WAIT, for a minute. A server that sets SO_REUSEADDR may bind while old connections are on its port. One that does not must wait for up to a minute, and is down meanwhile.',
  eitherFamily: true,
  lasts: TWO_RESTARTS,
  wire: (t) =>
    restartOver(
      t,
      serverClosesFirst(t, 'TIME_WAIT', (peer) => {
        peer.ack();
        peer.fin();
      }),
    ),
  loopbackLacks: 'the sockets that are left are made and cleared with packets in our hands',
});
