import { defineCase } from '#case';
import { expect } from '#expect';
import { restartOver, TWO_RESTARTS } from './restart.ts';

export default defineCase(import.meta.url, {
  title: 'Started again after its end with an open connection',
  level: 'robustness',
  refs: [{ issue: 'neondatabase/neon#801' }, { rfc: 9293, section: '3.6.1' }],
  steps: [
    'Leave a connection open and idle: ESTABLISHED.',
    'End the process (SIGKILL; then all again with SIGTERM), and start the server again.',
  ],
  expected: 'the kernel closes it, FIN_WAIT_1 is left, and it binds and serves',
  why: 'Clients are connected when a server is restarted: its kernel closes their connections, which are on its port still when it comes back. A server that sets SO_REUSEADDR may bind while old connections are on its port. One that does not must wait for up to a minute, and is down meanwhile.',
  eitherFamily: true,
  lasts: TWO_RESTARTS,
  wire: (t) =>
    restartOver(t, async (peer, end) => {
      await t.confirm(peer, 'ESTABLISHED', 'a connection that is open and idle', 0);
      await end();
      expect(peer).to.be.in.oneOfStates(['FIN_WAIT_1', 'CLOSED']);
    }),
  loopbackLacks: 'the sockets that are left are made and cleared with packets in our hands',
});
