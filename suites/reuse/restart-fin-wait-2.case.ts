import { defineCase } from '#case';
import { restartOver, serverClosesFirst, TWO_RESTARTS } from './restart.ts';

export default defineCase(import.meta.url, {
  title: 'Started again while a connection of before is in FIN_WAIT_2',
  level: 'robustness',
  refs: [{ issue: 'neondatabase/neon#801' }, { rfc: 9293, section: '3.6.1' }],
  steps: [
    'Have the server close first, and acknowledge its FIN: FIN_WAIT_2.',
    'End the process (SIGKILL; then all again with SIGTERM), and start the server again.',
  ],
  expected: 'FIN_WAIT_2 stays, and it binds and serves',
  why: 'A client that never closes leaves the server in FIN_WAIT_2, for tcp_fin_timeout once its socket is closed. A server that sets SO_REUSEADDR may bind while old connections are on its port. One that does not must wait for up to a minute, and is down meanwhile.',
  eitherFamily: true,
  lasts: TWO_RESTARTS,
  wire: (t) =>
    restartOver(
      t,
      serverClosesFirst(t, 'FIN_WAIT_2', (peer) => peer.ack()),
    ),
  loopbackLacks: 'the sockets that are left are made and cleared with packets in our hands',
});
