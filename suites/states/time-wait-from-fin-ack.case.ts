import { defineCase } from '#case';
import { expect } from '#expect';

export default defineCase(import.meta.url, {
  title: "TIME_WAIT straight from FIN_WAIT_1: one segment has the FIN and acknowledges the server's",
  level: 'must',
  refs: [
    {
      rfc: 9293,
      section: '3.10.7.4',
      quote:
        'If our FIN has been ACKed (perhaps in this segment), then enter TIME-WAIT, start the time-wait timer, turn off the other timers; otherwise, enter the CLOSING state.',
    },
  ],
  steps: ['Make the server close first.', 'Send one FIN that also acknowledges its FIN.'],
  expected: 'FIN_WAIT_1 → TIME_WAIT, without FIN_WAIT_2',
  why: 'The figure of the state diagram lacks this edge, the text has it, and it is what happens when a client closes at once.',
  wire: async (t) => {
    const peer = await t.connected();
    const { stimulus } = await t.serverClosesFirst(peer);
    const fin = peer.fin();
    await t.confirm(
      peer,
      'TIME_WAIT',
      `${stimulus}, and one FIN that acknowledges its FIN`,
      fin.stateAfterUs,
    );
    expect(peer).to.pass.through('FIN_WAIT_1', 'TIME_WAIT');
    await peer.expect({ flags: 'A', ack: peer.sndNxt });
  },
  loopbackLacks: 'a kernel client acknowledges a FIN at once, in a segment of its own',
});
