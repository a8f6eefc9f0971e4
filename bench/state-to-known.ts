import { spawnSync } from 'node:child_process';
import { nowUs, random } from '#core';
import { createLab } from '#lab';
import { ss } from '#observe';
import { findState, type State } from '#tcp';
import { Trace } from '#trace';
import { Peer, Wire } from '#wire';
import { listenAlone, raiseLimits } from './listener.ts';
import { compare, interleave, median, type Benchmark } from './measure.ts';

const ROUNDS = 5;
const OUR_SAMPLES = 200;
const SS_SAMPLES = 10;
/** Runs of `ss` until a state that does not show is given up. */
const PATIENCE = 100;

type Reached = 'SYN_RCVD' | 'ESTABLISHED';

/** From a segment that has been sent to the knowledge of the state that it caused. */
export const stateToKnown: Benchmark = {
  name: 'state-to-known',
  async run() {
    const lab = createLab();
    const witness = ss.available();
    try {
      raiseLimits(lab.server);
      using listener = listenAlone(lab.server);
      const remote = listener.endpoint;
      const wire = new Wire(lab, random(1));

      /** Brings a connection to `state` and takes the time until `lookUp` knows it, µs. */
      const sample = (state: Reached, count: number, lookUp: typeof byPeer) => () =>
        median(
          Array.from({ length: count }, () => {
            const peer = new Peer(wire, { family: 4, remote, trace: new Trace() });
            if (state === 'ESTABLISHED') peer.syn();
            const tookUs = lookUp(state, () => (state === 'SYN_RCVD' ? peer.syn() : peer.ack()));
            peer.close();
            return tookUs;
          }),
        );

      const bySs = (state: Reached, send: () => unknown): number => {
        send();
        const sentUs = nowUs();
        for (let runs = 0; runs < PATIENCE; runs++) {
          if (runSs().includes(state)) return nowUs() - sentUs;
        }
        throw new Error(`ss does not show ${state} in ${PATIENCE} runs`);
      };
      const runSs = (): (State | undefined)[] => {
        const { stdout } = lab.server.namespace.run(() =>
          spawnSync('ss', ['-Htan', `sport = :${remote.port}`], { encoding: 'utf8' }),
        );
        return stdout.split('\n').map((line) => findState(line.split(' ', 1)[0]!));
      };

      const figures = await interleave(ROUNDS, {
        synRcvd: sample('SYN_RCVD', OUR_SAMPLES, byPeer),
        synRcvdBySs: witness.ok ? sample('SYN_RCVD', SS_SAMPLES, bySs) : `there is no ss: ${witness.remedy}`,
        established: sample('ESTABLISHED', OUR_SAMPLES, byPeer),
        establishedBySs: witness.ok
          ? sample('ESTABLISHED', SS_SAMPLES, bySs)
          : `there is no ss: ${witness.remedy}`,
      });
      const row = { unit: 'µs', better: 'less', against: 'ss in a loop' } as const;
      return [
        compare({ what: 'SYN to SYN_RCVD known', ...row }, figures.synRcvd, figures.synRcvdBySs),
        compare({ what: 'ACK to ESTABLISHED known', ...row }, figures.established, figures.establishedBySs),
      ];
    } finally {
      lab.close();
    }
  },
};

function byPeer(state: Reached, send: () => { state: State; stateAfterUs: number }): number {
  const sent = send();
  if (sent.state !== state) throw new Error(`${sent.state} instead of ${state}`);
  return sent.stateAfterUs;
}
