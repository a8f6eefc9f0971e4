import { defineCase } from '#case';
import { seqAdd } from '#tcp';
import { restartOver, serverClosesFirst, TWO_RESTARTS } from './restart.ts';

export default defineCase(import.meta.url, {
  title: 'Started again while a connection of before is in CLOSING',
  level: 'robustness',
  refs: [{ issue: 'neondatabase/neon#801' }, { rfc: 9293, section: '3.6.1' }],
  steps: [
    'Have the server close first, and send a FIN that crosses its own: CLOSING.',
    'End the process (SIGKILL; then all again with SIGTERM), and start the server again.',
  ],
  expected: 'CLOSING stays, and it binds and serves',
  why: 'Both closed at once, and the last ACK is lost: the server sends its FIN again for a while. A server that sets SO_REUSEADDR may bind while old connections are on its port. One that does not must wait for up to a minute, and is down meanwhile.',
  eitherFamily: true,
  lasts: TWO_RESTARTS,
  wire: (t) =>
    restartOver(
      t,
      serverClosesFirst(t, 'CLOSING', (peer) => peer.fin({ ack: seqAdd(peer.rcvNxt!, -1) })),
    ),
  loopbackLacks: 'the sockets that are left are made and cleared with packets in our hands',
});
