import { fileURLToPath } from 'node:url';
import { random } from '#core';
import { createLab } from '#lab';
import type { Link } from '#sys';
import {
  ACK,
  decodePacket,
  encodePacket,
  RST,
  segment,
  seq,
  seqAdd,
  SYN,
  type Endpoint,
  type SegmentFields,
} from '#tcp';
import { Trace } from '#trace';
import { Peer, Wire } from '#wire';
import { Helper } from './helper.ts';
import { listenAlone, raiseLimits } from './listener.ts';
import { compare, interleave, secondsOf, type Benchmark } from './measure.ts';
import { startScapy } from './scapy.ts';

const ROUNDS = 5;
const OURS = 2000;
const SCAPY = 200;
const KERNEL = 2000;

/** SYN, SYN-ACK, ACK, then a reset. No server accepts: the kernel's listener is all that answers. */
export const handshakes: Benchmark = {
  name: 'handshakes',
  async run() {
    // One lab for each: on the first a wire reads the link, on the second nobody does but the benchmark.
    const [wired, raw] = [createLab(), createLab()];
    const kernelClient = fileURLToPath(new URL('kernel-client.mjs', import.meta.url));
    using client = new Helper(raw.server.namespace, [process.execPath, kernelClient]);
    using scapy = startScapy();
    try {
      for (const { server } of [wired, raw]) raiseLimits(server);
      const wire = new Wire(wired, random(1));
      const figures = await interleave(ROUNDS, {
        peer: async () => {
          using listener = listenAlone(wired.server);
          return OURS / (await secondsOf(() => byPeers(wire, listener.endpoint)));
        },
        segments: async () => {
          using listener = listenAlone(raw.server);
          return OURS / (await secondsOf(() => bySegments(raw.server.link!, listener.endpoint)));
        },
        scapy: scapy.perSecond(`handshakes ${SCAPY}`),
        kernel: async () => {
          using listener = listenAlone(raw.server);
          const { address, port } = listener.endpoint;
          return KERNEL / (await client.ask<number>(`${address} ${port} ${KERNEL}`));
        },
      });
      const row = { unit: 'per second', better: 'more' } as const;
      const [byPeer, bySegment] = ['handshakes by Peer', 'handshakes by segments alone'];
      return [
        compare({ what: byPeer, ...row, against: 'scapy' }, figures.peer, figures.scapy),
        compare({ what: byPeer, ...row, against: 'net.connect on loopback' }, figures.peer, figures.kernel),
        compare({ what: bySegment, ...row, against: 'scapy' }, figures.segments, figures.scapy),
        compare(
          { what: bySegment, ...row, against: 'net.connect on loopback' },
          figures.segments,
          figures.kernel,
        ),
      ];
    } finally {
      wired.close();
      raw.close();
    }
  },
};

async function byPeers(wire: Wire, remote: Endpoint): Promise<void> {
  for (let count = 0; count < OURS; count++) {
    const peer = new Peer(wire, { family: 4, remote, trace: new Trace() });
    await peer.connect();
    peer.close();
  }
}

function bySegments(link: Link, to: Endpoint): void {
  const iss = seq(1000);
  for (let count = 0; count < OURS; count++) {
    const from = { address: '198.18.1.1', port: 10_000 + count };
    const send = (fields: SegmentFields): void =>
      link.write(encodePacket({ family: 4, from, to, ...segment(fields) }));
    send({ flags: SYN, seq: iss });
    const answer = decodePacket(link.read()!);
    if (answer.flags !== (SYN | ACK)) throw new Error('no SYN-ACK');
    send({ flags: ACK, seq: seqAdd(iss, 1), ack: seqAdd(answer.seq, 1) });
    send({ flags: RST, seq: seqAdd(iss, 1) });
  }
}
