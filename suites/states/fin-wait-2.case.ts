import { defineCase } from '#case';
import { expect } from '#expect';

export default defineCase(import.meta.url, {
  title: 'FIN_WAIT_2: the server closes first, its FIN is acknowledged, and the client stays',
  level: 'must',
  refs: [
    {
      rfc: 9293,
      section: '3.3.2',
      quote: 'FIN-WAIT-2 - represents waiting for a connection termination request from the remote TCP peer.',
    },
  ],
  steps: ['Make the server close first.', 'Acknowledge its FIN, and send none.'],
  expected: 'FIN_WAIT_2',
  why: 'One direction is closed and known to be; the other one stays open until the client closes it too.',
  wire: async (t) => {
    const peer = await t.connected();
    const { stimulus } = await t.serverClosesFirst(peer);
    const ack = peer.ack();
    await t.confirm(peer, 'FIN_WAIT_2', `${stimulus}, its FIN is acknowledged`, ack.stateAfterUs);
    expect(peer).to.pass.through('ESTABLISHED', 'FIN_WAIT_1', 'FIN_WAIT_2');
  },
  loopback: async (t) => {
    const client = t.client();
    const { stimulus, afterUs } = await t.serverClosesFirst(client);
    await t.confirm(client, 'FIN_WAIT_2', stimulus, afterUs);
    expect(client).to.pass.through('FIN_WAIT_1', 'FIN_WAIT_2');
  },
});
