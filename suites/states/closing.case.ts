import { defineCase } from '#case';
import { expect } from '#expect';
import { seqAdd } from '#tcp';

export default defineCase(import.meta.url, {
  title: 'CLOSING: both ends close at the same moment, and their FINs cross',
  level: 'must',
  refs: [
    {
      rfc: 9293,
      section: '3.3.2',
      quote:
        'CLOSING - represents waiting for a connection termination request acknowledgment from the remote TCP peer.',
    },
    {
      rfc: 9293,
      section: '3.10.7.4',
      quote:
        'If our FIN has been ACKed (perhaps in this segment), then enter TIME-WAIT, start the time-wait timer, turn off the other timers; otherwise, enter the CLOSING state.',
    },
  ],
  steps: [
    'Make the server close first.',
    "Send a FIN whose acknowledgement is one short of the server's FIN, as if they had crossed.",
    "Acknowledge the server's FIN.",
  ],
  expected: 'FIN_WAIT_1 → CLOSING, and TIME_WAIT with the last ACK',
  why: "A FIN that comes while one's own is unacknowledged means that both closed at once: each still waits for its ACK.",
  wire: async (t) => {
    const peer = await t.connected();
    const { stimulus } = await t.serverClosesFirst(peer);
    const fin = peer.fin({ ack: seqAdd(peer.rcvNxt!, -1) });
    await t.confirm(peer, 'CLOSING', `${stimulus}, and a FIN that crosses its own`, fin.stateAfterUs);
    peer.ack();
    expect(peer).to.pass.through('FIN_WAIT_1', 'CLOSING', 'TIME_WAIT');
  },
  loopback: async (t) => {
    const client = t.narrowClient();
    const { stimulus } = await t.serverClosesBehindData(client, 'FIN_WAIT_1');
    const afterUs = t.timed(() => client.halfClose());
    await t.confirm(client, 'CLOSING', `${stimulus}, then the client half-closes`, afterUs);
    expect(client).to.pass.through('FIN_WAIT_1', 'CLOSING');
  },
});
