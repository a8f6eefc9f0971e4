import { defineCase } from '#case';
import { expect } from '#expect';

export default defineCase(import.meta.url, {
  title: "CLOSE_WAIT: the client closes, and the server's application has not yet",
  level: 'must',
  refs: [
    {
      rfc: 9293,
      section: '3.3.2',
      quote: 'CLOSE-WAIT - represents waiting for a connection termination request from the local user.',
    },
  ],
  steps: ['Connect.', "Stop the server's processes (SIGSTOP), so that it cannot close.", 'Send a FIN.'],
  expected: 'CLOSE_WAIT',
  why: 'The kernel acknowledges a FIN by itself; the state stays until the application calls close(). A leak of sockets shows here.',
  wire: async (t) => {
    const peer = await t.connected();
    await t.accepted(peer);
    await t.pauseServer();
    const fin = peer.fin();
    await t.confirm(peer, 'CLOSE_WAIT', 'FIN while the server is stopped (SIGSTOP)', fin.stateAfterUs);
    await peer.expect({ flags: 'A', ack: peer.sndNxt });
    expect(peer).to.pass.through('ESTABLISHED', 'CLOSE_WAIT');
  },
  loopback: async (t) => {
    const client = t.client();
    await t.accepted(client);
    await t.pauseServer();
    const afterUs = t.timed(() => client.halfClose());
    await t.confirm(
      client,
      'CLOSE_WAIT',
      'shutdown() by the client while the server is stopped (SIGSTOP)',
      afterUs,
    );
    expect(client).to.pass.through('ESTABLISHED', 'CLOSE_WAIT');
  },
});
