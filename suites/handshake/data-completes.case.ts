import { defineCase } from '#case';
import { expect } from '#expect';

export default defineCase(import.meta.url, {
  title: 'The final ACK is lost, and the data that follows it completes the handshake',
  level: 'must',
  refs: [
    {
      rfc: 9293,
      section: '3.10.7.4',
      quote: 'If SND.UNA < SEG.ACK =< SND.NXT, then enter ESTABLISHED state and continue processing',
    },
  ],
  steps: [
    'Send a SYN, receive the SYN-ACK, and do not acknowledge it.',
    'Send a request: its segment acknowledges the SYN-ACK too.',
  ],
  expected: 'SYN_RCVD → ESTABLISHED by the data, and the request is answered',
  why: 'Every segment after the SYN carries an acknowledgement. A lost ACK costs nothing where the next segment says the same.',
  wire: async (t) => {
    const { greeting, traits } = t.target;
    const request = greeting !== null && greeting.send.length > 0 ? greeting : traits.closesFirst;
    if (request === undefined) return t.unsupported('nothing is known that a client sends first');
    const peer = t.peer();
    const syn = peer.syn();
    await peer.expect({ flags: 'SA', ack: peer.sndNxt });
    await t.confirm(peer, 'SYN_RCVD', 'SYN; its SYN-ACK is not acknowledged', syn.stateAfterUs);
    peer.data(request.send);
    expect(peer).to.pass.through('SYN_RCVD', 'ESTABLISHED');
    const answer = await t.answer(peer, request);
    if (!answer.whole)
      t.fail(
        'application',
        `the server did not answer the request that completed the handshake: ${answer.bytes.length} bytes, then ${answer.end ?? 'silence'}`,
      );
    t.stimulus('SYN, no ACK of the SYN-ACK, then a request that acknowledges it');
    t.conclude(`SYN_RCVD → ESTABLISHED by the request, answered with ${answer.bytes.length} bytes`);
  },
  loopbackLacks: 'a kernel client always acknowledges a SYN-ACK at once',
});
