import { defineCase } from '#case';
import { expect } from '#expect';
import { restartOver, TWO_RESTARTS } from './restart.ts';

export default defineCase(import.meta.url, {
  title: 'Started again after its end with a connection in CLOSE_WAIT',
  level: 'robustness',
  refs: [{ issue: 'neondatabase/neon#801' }, { rfc: 9293, section: '3.6.1' }],
  steps: [
    "Stop the server's processes (SIGSTOP), and send a FIN: CLOSE_WAIT.",
    'End the process (SIGKILL; then all again with SIGTERM), and start the server again.',
  ],
  expected: 'the kernel closes it, LAST_ACK is left, and it binds and serves',
  why: 'A process cannot leave a CLOSE_WAIT behind: its kernel closes what it held, and sends the FIN that was due. A server that sets SO_REUSEADDR may bind while old connections are on its port. One that does not must wait for up to a minute, and is down meanwhile.',
  eitherFamily: true,
  lasts: TWO_RESTARTS,
  wire: (t) =>
    restartOver(t, async (peer, end) => {
      await t.pauseServer();
      const fin = peer.fin();
      await t.confirm(peer, 'CLOSE_WAIT', 'FIN while the server is stopped (SIGSTOP)', fin.stateAfterUs);
      await end();
      expect(peer).to.be.in.oneOfStates(['LAST_ACK', 'CLOSED']);
    }),
  loopbackLacks: 'the sockets that are left are made and cleared with packets in our hands',
});
