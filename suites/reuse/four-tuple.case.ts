import { defineCase, type Peer, type WireCase } from '#case';
import { expect } from '#expect';
import { seqAdd, seqDiff, type TcpOption } from '#tcp';
import { again, timeWait } from './time-wait.ts';

export default defineCase(import.meta.url, {
  title: 'A new connection from the port of one in TIME_WAIT: a new SYN is let in, an old one harms nothing',
  level: 'should',
  refs: [
    {
      rfc: 9293,
      section: '3.6.1',
      quote:
        'it MAY accept a new SYN from the remote TCP endpoint to reopen the connection directly from TIME-WAIT state (MAY-2)',
    },
    { rfc: 6191, section: '2' },
    { issue: 'cilium/cilium#45863' },
  ],
  steps: [
    'Bring a connection into TIME_WAIT.',
    'From the same port, send a SYN with a lower sequence number than the connection has used.',
    'Send one with a higher one, complete the handshake, and send a request.',
    'The same on a connection with timestamps: a SYN with a lower number and a later timestamp.',
  ],
  expected:
    "a lower SYN is answered by an ACK of the old connection, which stays in TIME_WAIT; a higher one, or a later timestamp, opens a new one whose sequence numbers begin above the old one's",
  why: 'Ports are few: a busy client comes back with the same one within the minute. A higher number or a later timestamp shows that the SYN is no duplicate of long ago.',
  wire: async (t) => {
    // Only one answer each half second otherwise.
    t.sysctl('ipv4.tcp_invalid_ratelimit', 0);
    const old = await timeWait(t);
    const lower = again(t, old, seqAdd(old.iss, -1000));
    const refused = lower.syn();
    await lower.expect({ flags: 'A', seq: old.rcvNxt!, ack: old.sndNxt });
    await t.confirm(lower, 'TIME_WAIT', 'a SYN below what the connection has used', refused.stateAfterUs);
    const higher = again(t, lower, seqAdd(old.sndNxt, 1000));
    await reopens(t, old, higher);
    const offset = await byTimestamp(t);
    t.stimulus('SYNs from the port of a connection in TIME_WAIT');
    t.conclude(
      `lower: ACK, and TIME_WAIT stays; higher: a new connection, its numbers ${seqDiff(higher.irs!, old.rcvNxt!)} above the old ones; lower with a later timestamp: a new connection, ${offset} above`,
    );
  },
  loopbackLacks: 'a kernel client chooses its sequence numbers by itself',
});

/** The SYN is answered at once, by numbers that the old connection has not used, and the new connection works. */
async function reopens(t: WireCase, old: Peer, peer: Peer): Promise<void> {
  const syn = peer.syn();
  await peer.expect({ flags: 'SA', ack: peer.sndNxt });
  await t.confirm(peer, 'SYN_RCVD', 'a new SYN in TIME_WAIT', syn.stateAfterUs);
  if (seqDiff(peer.irs!, old.rcvNxt!) <= 0)
    t.fault('states', 'the new connection begins with sequence numbers that the old one has used');
  peer.ack();
  expect(peer).to.pass.through('TIME_WAIT', 'SYN_RCVD');
  if (!(await t.greets(peer))) t.fault('application', 'the server does not answer on the new connection');
}

async function byTimestamp(t: WireCase): Promise<number> {
  const stamp = (value: number): TcpOption[] => [
    { kind: 'mss', bytes: 1000 },
    { kind: 'timestamps', value, echo: 0 },
  ];
  const old = await timeWait(t, { synOptions: stamp(1000) });
  const peer = again(t, old, seqAdd(old.iss, -1000), { synOptions: stamp(1_000_000) });
  await reopens(t, old, peer);
  return seqDiff(peer.irs!, old.rcvNxt!);
}
