import { defineCase } from '#case';
import { expect } from '#expect';
import { seqAdd } from '#tcp';

export default defineCase(import.meta.url, {
  title: 'Both ends close at the same moment: their FINs cross',
  level: 'must',
  refs: [
    {
      rfc: 9293,
      section: '3.6',
      quote: 'A simultaneous CLOSE by users at both ends of a connection causes FIN segments to be exchanged',
    },
    { issue: 'cilium/cilium#45863' },
    { issue: 'FreeRTOS/FreeRTOS-Plus-TCP#1303' },
  ],
  steps: [
    'Make the server close first, and read its answer.',
    'Send a FIN that does not acknowledge the one of the server, as if both had crossed.',
    'Acknowledge the FIN; then send the own FIN again, as if its acknowledgement were lost.',
  ],
  expected: 'FIN_WAIT_1 → CLOSING → TIME_WAIT, and each FIN acknowledged',
  why: 'Neither end is the first: each waits for the acknowledgement of its FIN in CLOSING, and both end in TIME_WAIT.',
  wire: async (t) => {
    const peer = await t.connected();
    const { stimulus } = await t.serverClosesFirst(peer);
    const crossing = peer.fin({ ack: seqAdd(peer.rcvNxt!, -1) });
    await t.confirm(peer, 'CLOSING', `${stimulus}, and a FIN that crosses its own`, crossing.stateAfterUs);
    await peer.expect({ flags: 'A', acksAtLeast: peer.sndNxt });
    peer.ack();
    expect(peer).to.pass.through('FIN_WAIT_1', 'CLOSING', 'TIME_WAIT');
    peer.fin({ seq: seqAdd(peer.sndNxt, -1) });
    await peer.expect({ flags: 'A', acksAtLeast: peer.sndNxt });
    await t.confirm(peer, 'TIME_WAIT', `${stimulus}, and a FIN that crosses its own`, crossing.stateAfterUs);
    t.conclude('FIN_WAIT_1 → CLOSING → TIME_WAIT; a FIN that came twice was acknowledged twice');
  },
  loopbackLacks: 'two FINs cross only where packets can be held',
});
