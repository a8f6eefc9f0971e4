import { defineCase } from '#case';
import { expect } from '#expect';

export default defineCase(import.meta.url, {
  title: 'LAST_ACK: the client closed first, the server closes too, and its FIN is not acknowledged',
  level: 'must',
  refs: [
    {
      rfc: 9293,
      section: '3.3.2',
      quote:
        'LAST-ACK - represents waiting for an acknowledgment of the connection termination request previously sent to the remote TCP peer',
    },
  ],
  steps: ['Send a FIN on an idle connection.', "Receive the server's FIN, and do not acknowledge it."],
  expected: 'CLOSE_WAIT → LAST_ACK',
  why: 'Who closes second has nothing to wait for but the ACK of its own FIN; no TIME_WAIT follows.',
  wire: async (t) => {
    const peer = await t.connected();
    const { stimulus, afterUs } = await t.serverClosesAfterFin(peer);
    await t.confirm(peer, 'LAST_ACK', `${stimulus}, its FIN is not acknowledged`, afterUs);
    expect(peer).to.pass.through('ESTABLISHED', 'CLOSE_WAIT', 'LAST_ACK');
  },
  loopback: async (t) => {
    const client = t.narrowClient();
    const { stimulus, afterUs } = await t.serverClosesLastBehindData(client);
    await t.confirm(client, 'LAST_ACK', stimulus, afterUs);
    expect(client).to.pass.through('ESTABLISHED', 'CLOSE_WAIT', 'LAST_ACK');
  },
});
