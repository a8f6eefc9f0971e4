import { random } from '#core';
import { createLab } from '#lab';
import type { Endpoint } from '#tcp';
import { Trace } from '#trace';
import { Peer, Wire } from '#wire';
import { raiseLimits, serve } from './listener.ts';
import { compare, interleave, secondsOf, type Benchmark } from './measure.ts';
import { startScapy } from './scapy.ts';

const ROUNDS = 5;
const OUR_CASES = 500;
const SCAPY_CASES = 30;
const SCAPY_SS_CASES = 6;
const PATH = ['LISTEN', 'SYN_RCVD', 'ESTABLISHED', 'FIN_WAIT_1', 'FIN_WAIT_2', 'TIME_WAIT'];

/** Scripted connections through six states, with a verdict on the path. */
export const cases: Benchmark = {
  name: 'cases',
  async run() {
    const lab = createLab();
    using scapy = startScapy();
    try {
      raiseLimits(lab.server);
      const wire = new Wire(lab, random(1));
      using server = serve(lab.server, (socket) => socket.once('data', () => socket.end('bye')));
      const figures = await interleave(ROUNDS, {
        ours: async () => {
          const seconds = await secondsOf(async () => {
            for (let count = 0; count < OUR_CASES; count++) await serverClosesFirst(wire, server.endpoint);
          });
          return OUR_CASES / seconds;
        },
        scapyWithSs: scapy.perSecond(`cases-ss ${SCAPY_SS_CASES}`),
        scapy: scapy.perSecond(`cases ${SCAPY_CASES}`),
      });
      const row = { what: 'cases', unit: 'per second', better: 'more' } as const;
      return [
        compare({ ...row, against: 'scapy, states by ss' }, figures.ours, figures.scapyWithSs),
        compare({ ...row, against: 'scapy, no states' }, figures.ours, figures.scapy),
      ];
    } finally {
      lab.close();
    }
  },
};

async function serverClosesFirst(wire: Wire, remote: Endpoint): Promise<void> {
  const trace = new Trace();
  const peer = new Peer(wire, { family: 4, remote, trace });
  await peer.connect();
  peer.data('hello');
  await peer.expect({ has: 'F' });
  peer.ack();
  peer.fin();
  peer.close();
  const path = trace.path('server').map(({ state }) => state);
  if (path.join() !== PATH.join()) throw new Error(`a case went another way: ${path.join(', ')}`);
}
