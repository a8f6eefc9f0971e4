import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { random } from '#core';
import { createLab, type Lab } from '#lab';
import { ACK, decodePacket, encodePacket, segment, SYN, type Endpoint } from '#tcp';
import { Trace } from '#trace';
import { Peer, Wire } from '#wire';
import { listenAlone, raiseLimits } from './listener.ts';
import { compare, figureOf, interleave, secondsOf, type Benchmark } from './measure.ts';
import { startScapy } from './scapy.ts';

const ROUNDS = 3;
const OURS = 20_000;
const SCAPY = 500;
const KIB = 1024;
/** The kernel's numbers of SYN_RCVD: 3 is the socket, 12 the request for one, which is what a half-open connection is. */
const SYN_RCVD = (1 << 3) | (1 << 12);

/** Connections kept half open: a SYN, its SYN-ACK, and no ACK. None may be lost. */
export const halfOpen: Benchmark = {
  name: 'half-open',
  async run() {
    using scapy = startScapy();
    const ourMemory: number[] = [];
    const figures = await interleave(ROUNDS, {
      peers: () =>
        hold((lab, remote) => {
          const wire = new Wire(lab, random(1));
          const open = (): Peer => {
            const peer = new Peer(wire, { family: 4, remote, trace: new Trace() });
            peer.syn();
            return peer;
          };
          const before = memoryInUse();
          const peers: Peer[] = [];
          return {
            work: () => {
              for (let count = 0; count < OURS; count++) peers.push(open());
            },
            after: () => ourMemory.push((memoryInUse() - before) / peers.length / KIB),
          };
        }),
      segments: () => hold((lab, to) => ({ work: () => bySegments(lab, to) })),
      scapy: scapy.perSecond(`half-open ${SCAPY}`),
    });
    const scapyMemory = await scapy.figure(ROUNDS, `half-open-traced ${SCAPY}`, ({ bytes }) => bytes / KIB);
    const against = `scapy, from ${SCAPY}`;
    const rate = { unit: 'per second', better: 'more', against } as const;
    return [
      compare({ what: `${OURS} half open by Peer`, ...rate }, figures.peers, figures.scapy),
      compare({ what: `${OURS} half open by segments alone`, ...rate }, figures.segments, figures.scapy),
      compare(
        { what: 'memory of a half-open Peer', unit: 'KiB', better: 'less', against },
        figureOf(ourMemory),
        scapyMemory,
      ),
    ];
  },
};

/** In a lab of its own. @returns connections a second @throws when the kernel has not got them all */
async function hold(
  prepare: (lab: Lab, to: Endpoint) => { work: () => void; after?: () => unknown },
): Promise<number> {
  const lab = createLab();
  try {
    raiseLimits(lab.server);
    using listener = listenAlone(lab.server);
    const { work, after } = prepare(lab, listener.endpoint);
    const seconds = await secondsOf(work);
    const found = lab.server.sockets!.dump(4, SYN_RCVD).length;
    if (found !== OURS) throw new Error(`${found} of ${OURS} half-open connections`);
    after?.();
    return OURS / seconds;
  } finally {
    lab.close();
  }
}

function bySegments({ server }: Lab, to: Endpoint): void {
  const link = server.link!;
  for (let count = 0; count < OURS; count++) {
    const from = { address: '198.18.1.1', port: 10_000 + count };
    link.write(encodePacket({ family: 4, from, to, ...segment({ flags: SYN }) }));
    if (decodePacket(link.read()!).flags !== (SYN | ACK)) throw new Error('no SYN-ACK');
  }
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function memoryInUse(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
