import { defineCase } from '#case';
import { expect } from '#expect';

export default defineCase(import.meta.url, {
  title: 'FIN_WAIT_1: the server closes first, and its FIN is not acknowledged',
  level: 'must',
  refs: [
    {
      rfc: 9293,
      section: '3.3.2',
      quote:
        'FIN-WAIT-1 - represents waiting for a connection termination request from the remote TCP peer, or an acknowledgment of the connection termination request previously sent.',
    },
  ],
  steps: ['Make the server close first.', 'Receive its FIN, and do not acknowledge it.'],
  expected: 'FIN_WAIT_1',
  why: 'Who closes first sends a FIN and waits for its acknowledgement; until then the FIN is sent again and again.',
  wire: async (t) => {
    const peer = await t.connected();
    const { stimulus, afterUs } = await t.serverClosesFirst(peer);
    await t.confirm(peer, 'FIN_WAIT_1', `${stimulus}, its FIN is not acknowledged`, afterUs);
    expect(peer).to.pass.through('ESTABLISHED', 'FIN_WAIT_1');
  },
  loopback: async (t) => {
    const client = t.narrowClient();
    const { stimulus, afterUs } = await t.serverClosesBehindData(client, 'FIN_WAIT_1');
    await t.confirm(client, 'FIN_WAIT_1', stimulus, afterUs);
  },
});
