import { defineCase } from '#case';
import { restartOver, TWO_RESTARTS } from './restart.ts';

export default defineCase(import.meta.url, {
  title: 'Started again while a connection of before is in LAST_ACK',
  level: 'robustness',
  refs: [{ issue: 'neondatabase/neon#801' }, { rfc: 9293, section: '3.6.1' }],
  steps: [
    "Send a FIN, receive the server's, and do not acknowledge it: LAST_ACK. A server that does not close in turn does so by its end.",
    'End the process (SIGKILL; then all again with SIGTERM), and start the server again.',
  ],
  expected: 'LAST_ACK stays, and it binds and serves',
  why: 'The client closed and vanished: the server waits for the ACK of its FIN. A server that sets SO_REUSEADDR may bind while old connections are on its port. One that does not must wait for up to a minute, and is down meanwhile.',
  eitherFamily: true,
  lasts: TWO_RESTARTS,
  wire: (t) =>
    restartOver(t, async (peer, end) => {
      peer.fin();
      const closes = t.target.traits.closesOnFin === true;
      if (closes) await peer.end(t.patienceMs);
      else await end();
      if (peer.state() !== 'CLOSED') await t.confirm(peer, 'LAST_ACK', 'FIN, and the server closes too', 0);
      if (closes) await end();
    }),
  loopbackLacks: 'the sockets that are left are made and cleared with packets in our hands',
});
