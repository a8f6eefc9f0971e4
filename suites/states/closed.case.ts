import { defineCase } from '#case';
import { expect } from '#expect';

export default defineCase(import.meta.url, {
  title: 'CLOSED: both sides have closed, the server last, and nothing is left',
  level: 'must',
  refs: [
    { rfc: 9293, section: '3.3.2', quote: 'CLOSED - represents no connection state at all.' },
    {
      rfc: 9293,
      section: '3.10.7.4',
      quote:
        'The only thing that can arrive in this state is an acknowledgment of our FIN. If our FIN is now acknowledged, delete the TCB, enter the CLOSED state, and return.',
    },
  ],
  steps: ['Send a FIN on an idle connection.', "Receive the server's FIN, and acknowledge it."],
  expected: 'LAST_ACK → CLOSED: no socket is left but the listener',
  why: 'CLOSED is the absence of a socket: no tool can list it. What shows it is that ss lists the listener alone.',
  wire: async (t) => {
    const peer = await t.connected();
    const { stimulus } = await t.serverClosesAfterFin(peer);
    const ack = peer.ack();
    await t.confirm(peer, 'CLOSED', `${stimulus}, its FIN is acknowledged`, ack.stateAfterUs);
    expect(peer).to.pass.through('CLOSE_WAIT', 'LAST_ACK', 'CLOSED');
  },
  loopback: async (t) => {
    const client = t.narrowClient();
    const { stimulus } = await t.serverClosesLastBehindData(client);
    const startUs = t.trace.now();
    await client.readToEnd();
    await expect(client).to.reach('CLOSED').within(2000);
    const afterUs = t.trace.now() - startUs;
    await t.confirm(client, 'CLOSED', `${stimulus}, then the client reads it all`, afterUs);
    expect(client).to.pass.through('LAST_ACK', 'CLOSED');
  },
});
