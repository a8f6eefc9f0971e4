import { defineCase } from '#case';
import { expect } from '#expect';

export default defineCase(import.meta.url, {
  title: 'TIME_WAIT: the server closed first, and both FINs are acknowledged',
  level: 'must',
  refs: [
    {
      rfc: 9293,
      section: '3.3.2',
      quote:
        'TIME-WAIT - represents waiting for enough time to pass to be sure the remote TCP peer received the acknowledgment of its connection termination request and to avoid new connections being impacted by delayed segments from previous connections.',
    },
  ],
  steps: ['Make the server close first.', 'Acknowledge its FIN.', 'Send a FIN.'],
  expected: 'FIN_WAIT_2 → TIME_WAIT',
  why: "Who closes first cannot know whether its last ACK arrived: it keeps the connection's memory for two segment lifetimes.",
  wire: async (t) => {
    const peer = await t.connected();
    const { stimulus } = await t.serverClosesFirst(peer);
    peer.ack();
    const fin = peer.fin();
    await t.confirm(peer, 'TIME_WAIT', `${stimulus}, its FIN is acknowledged, then FIN`, fin.stateAfterUs);
    expect(peer).to.pass.through('FIN_WAIT_1', 'FIN_WAIT_2', 'TIME_WAIT');
    await peer.expect({ flags: 'A', ack: peer.sndNxt });
  },
  loopback: async (t) => {
    const client = t.client();
    const { stimulus } = await t.serverClosesFirst(client);
    await client.readToEnd();
    const afterUs = t.timed(() => client.close());
    await t.confirm(client, 'TIME_WAIT', `${stimulus}, the client reads to the end and closes`, afterUs);
    expect(client).to.pass.through('FIN_WAIT_2', 'TIME_WAIT');
  },
});
