import { defineCase, type Peer, type WireCase } from '#case';
import { seqAdd } from '#tcp';
import { again } from './time-wait.ts';

/** Connections one after another from one port, for each way in which they end. */
const ROUNDS = 4;

/** How a connection ends, so that the client's port is free. */
interface End {
  readonly name: string;
  /** @returns false where this server does not do its part */
  readonly close: (t: WireCase, peer: Peer) => Promise<boolean>;
}

const ENDS: readonly End[] = [
  {
    name: 'the client closed first',
    async close(t, peer) {
      if (t.target.traits.closesOnFin !== true) return false;
      peer.fin();
      await peer.end(t.patienceMs);
      peer.ack();
      return true;
    },
  },
  {
    name: 'the server closed first',
    async close(t, peer) {
      if (t.target.traits.closesFirst === undefined) return false;
      await t.serverClosesFirst(peer);
      peer.ack();
      peer.fin();
      return true;
    },
  },
  {
    name: 'the client reset',
    async close(_, peer) {
      peer.rst();
      return true;
    },
  },
  {
    name: 'the client crashed, and reset when it was told',
    async close(_, peer) {
      // RFC 9293 section 3.5.1: the SYN after the crash finds the connection open, and its ACK is answered by a RST.
      peer.syn({ seq: seqAdd(peer.sndNxt, 100_000) });
      const { ack } = await peer.expect({ flags: 'A', ack: peer.sndNxt });
      peer.rst({ seq: ack });
      return true;
    },
  },
];

export default defineCase(import.meta.url, {
  title: 'The client uses its port again at once, however the connection before ended',
  level: 'should',
  refs: [{ rfc: 9293, section: '3.5.1' }, { rfc: 9293, section: '3.6.1' }, { issue: 'cilium/cilium#45863' }],
  steps: [
    'Connect, have a request answered, and end the connection: the client closes first; the server does; a RST; a crash.',
    'At once, connect again from the same port, and send a request.',
    `So ${ROUNDS} times in a row, for each end.`,
  ],
  expected: 'every connection is opened by its first SYN, and served',
  why: 'Behind a gateway many clients share few ports. A server that holds on to the end of a connection makes the next one wait for seconds.',
  wire: async (t) => {
    t.sysctl('ipv4.tcp_invalid_ratelimit', 0);
    const told: string[] = [];
    for (const { name, close } of ENDS) {
      const served = await rounds(t, close);
      if (served === null) continue;
      told.push(`${served} of ${ROUNDS} after ${name}`);
      if (served < ROUNDS)
        t.fault(
          'application',
          `after ${name}, ${ROUNDS - served} of ${ROUNDS} new connections from the same port are not served`,
        );
    }
    t.stimulus('connections one after another from one port');
    t.conclude(`served: ${told.join(', ')}`);
  },
  loopbackLacks: 'it is done with packets in our hands alone',
});

async function rounds(t: WireCase, close: End['close']): Promise<number | null> {
  let peer = t.peer();
  await peer.connect();
  await t.greets(peer);
  peer.ack();
  let served = 0;
  for (let round = 0; round < ROUNDS; round++) {
    if (!(await close(t, peer))) return null;
    // As from a clock: above all that was used (RFC 9293 section 3.4.1).
    peer = again(t, peer, seqAdd(peer.sndNxt, 250_000), { quiet: true });
    peer.syn();
    await t.wire.fence();
    if (peer.irs === null) continue;
    peer.ack();
    if (await t.greets(peer)) served += 1;
    peer.ack();
  }
  return served;
}
