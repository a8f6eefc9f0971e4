import { defineCase, type WireCase } from '#case';
import { expect } from '#expect';
import { FIN, seqAdd, SYN } from '#tcp';
import { timeWait } from './time-wait.ts';

export default defineCase(import.meta.url, {
  title: 'RST, SYN with FIN, and old duplicates into TIME_WAIT: what ends it, by tcp_rfc1337',
  level: 'should',
  refs: [
    { rfc: 1337, section: '3', quote: 'Ignore RST segments in TIME-WAIT state.' },
    {
      rfc: 9293,
      section: '3.10.7.4',
      quote: 'If the RST bit is set, then enter the CLOSED state, delete the TCB, and return.',
    },
  ],
  steps: [
    'Bring a connection into TIME_WAIT, with net.ipv4.tcp_rfc1337 0, and then 1.',
    'Send a duplicate of old data, a SYN with FIN of old numbers, a RST outside of the window.',
    'Send the RST that a client which knows nothing of the connection answers the ACK of the duplicate with.',
    'On another such connection, send a SYN with FIN of new numbers: what comes of it is reported.',
  ],
  expected:
    'the old segments draw an ACK, the RST outside of the window nothing, and TIME_WAIT stays; the exact RST ends it with tcp_rfc1337 0 (RFC 9293) and is ignored with 1 (RFC 1337)',
  why: 'TIME_WAIT is there so that old duplicates die. If the RST that one of them brings about ends it, the next connection may take the others for its own.',
  wire: async (t) => {
    t.sysctl('ipv4.tcp_invalid_ratelimit', 0);
    const seen: string[] = [];
    for (const rfc1337 of [0, 1] as const) {
      t.sysctl('ipv4.tcp_rfc1337', rfc1337);
      seen.push(`tcp_rfc1337 ${rfc1337}: ${await assassinate(t, rfc1337 === 0)}`);
    }
    seen.push(await newSynFin(t));
    t.stimulus('old duplicates, SYN with FIN and RST into TIME_WAIT');
    t.conclude(seen.join('; '));
  },
  loopbackLacks: 'a kernel client sends no old duplicates',
});

async function assassinate(t: WireCase, isMortal: boolean): Promise<string> {
  const peer = await timeWait(t);
  const old = seqAdd(peer.iss, 1);
  const next = peer.sndNxt;
  peer.data('x', { seq: old });
  await peer.expect({ flags: 'A', seq: peer.rcvNxt!, ack: next });
  expect(peer).to.be.in.state('TIME_WAIT');
  peer.send({ flags: SYN | FIN, seq: old });
  await peer.expect({ flags: 'A', seq: peer.rcvNxt!, ack: next });
  expect(peer).to.be.in.state('TIME_WAIT');
  peer.rst({ seq: seqAdd(next, -1) });
  await peer.nothing();
  expect(peer).to.be.in.state('TIME_WAIT');
  // The ACK of the duplicate acknowledges what that client has never sent: its RST has just that number.
  const rst = peer.rst({ seq: next });
  const state = isMortal ? 'CLOSED' : 'TIME_WAIT';
  await t.confirm(peer, state, `RST in TIME_WAIT, tcp_rfc1337 ${isMortal ? 0 : 1}`, rst.stateAfterUs);
  return `old duplicates draw an ACK, and an exact RST ${isMortal ? 'ends TIME_WAIT' : 'is ignored'}`;
}

/** Neither RFC says what is to become of it: reported, not judged. Linux takes it for a new SYN, and drops it for its FIN. */
async function newSynFin(t: WireCase): Promise<string> {
  const peer = await timeWait(t);
  const { state } = peer.send({ flags: SYN | FIN, seq: seqAdd(peer.sndNxt, 1000) });
  return `a SYN with FIN of new numbers: ${state}`;
}
