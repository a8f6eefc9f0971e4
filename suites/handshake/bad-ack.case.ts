import { defineCase } from '#case';
import { expect } from '#expect';
import { seqAdd } from '#tcp';

/** How far from the right acknowledgement number the wrong ones are: beyond it, short of it, and far from both. */
const OFFSETS = [1, 1000, -1, -100_000] as const;

export default defineCase(import.meta.url, {
  title: 'A wrong ACK in SYN_RCVD draws a RST and harms nothing; the right one completes the handshake',
  level: 'must',
  refs: [
    {
      rfc: 9293,
      section: '3.10.7.4',
      quote: 'If the segment acknowledgment is not acceptable, form a reset segment',
    },
    { rfc: 9293, section: '3.5.2', quote: 'The connection remains in the same state.' },
  ],
  steps: [
    'Send a SYN, receive the SYN-ACK.',
    'Send ACKs whose acknowledgement numbers are 1 and 1000 too high, 1 and 100000 too low.',
    'Send the right ACK, and a request.',
  ],
  expected:
    'a RST for each wrong ACK, its sequence number the one that was acknowledged; SYN_RCVD all the while, then ESTABLISHED',
  why: 'An ACK of what was never sent belongs to an old connection: its sender is told so, and whoever does complete the handshake is not made to pay.',
  wire: async (t) => {
    const peer = t.peer();
    peer.syn();
    await peer.expect({ flags: 'SA', ack: peer.sndNxt });
    const right = peer.rcvNxt!;
    for (const offset of OFFSETS) {
      const wrong = seqAdd(right, offset);
      const sent = peer.ack({ ack: wrong });
      await peer.expect({ flags: 'R', seq: wrong });
      const what = `an ACK that is ${Math.abs(offset)} too ${offset > 0 ? 'high' : 'low'} in SYN_RCVD`;
      await t.confirm(peer, 'SYN_RCVD', what, sent.stateAfterUs);
    }
    t.stimulus(`SYN, then ${OFFSETS.length} ACKs with wrong numbers, then the right one`);
    const ack = peer.ack();
    const served = await t.greets(peer);
    expect(peer).to.pass.through('SYN_RCVD', 'ESTABLISHED');
    if (!served)
      t.fail('application', 'the server does not answer on the connection that had wrong ACKs before');
    const deferred = ack.state === 'SYN_RCVD' ? ' with the data, since the listener defers accept' : '';
    t.conclude(
      `${OFFSETS.length} of ${OFFSETS.length} wrong ACKs drew a RST and left SYN_RCVD; the right one completed it${deferred}`,
    );
  },
  loopbackLacks: 'a kernel client sends no wrong ACK',
});
