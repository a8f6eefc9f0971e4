import { once } from 'node:events';
import type { ChildProcess } from 'node:child_process';
import { random } from '#core';
import { createLab, type Lab } from '#lab';
import { ss } from '#observe';
import { findState, type Endpoint, type State } from '#tcp';
import { Trace } from '#trace';
import { Peer, Wire } from '#wire';
import { raiseLimits, serve } from './listener.ts';
import { compare, figureOf, type Benchmark } from './measure.ts';

const ROUNDS = 3;
const CONNECTIONS = 1000;
const STATES = ['SYN_RCVD', 'ESTABLISHED', 'LAST_ACK'] as const satisfies State[];
/** Runs of `ss` in a loop that nobody has ended: about 10 s. */
const LOOP_LIMIT = 2000;

/** In how many connections each state was seen. */
type Caught = Record<(typeof STATES)[number], number>;

/**
 * Connections that a quick client opens and closes, one after the other: in how many is each state seen? Both ways watch
 * the same connections at the same time.
 */
export const statesCaught: Benchmark = {
  name: 'states-caught',
  async run() {
    const lab = createLab();
    const witness = ss.available();
    try {
      raiseLimits(lab.server);
      const wire = new Wire(lab, random(1));
      using server = serve(lab.server, (socket) => socket.resume());
      const rounds: { ours: Caught; theirs: Caught }[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        using loop = new SsLoop(lab, server.endpoint.port);
        if (witness.ok) await loop.started;
        const ours = await connectAndClose(wire, server.endpoint);
        rounds.push({ ours, theirs: loop.caught() });
      }
      return STATES.map((state) =>
        compare(
          {
            what: `short ${state} seen`,
            unit: `of ${CONNECTIONS}`,
            better: 'more',
            against: 'ss in a loop',
          },
          figureOf(rounds.map(({ ours }) => ours[state])),
          witness.ok
            ? figureOf(rounds.map(({ theirs }) => theirs[state]))
            : `there is no ss: ${witness.remedy}`,
        ),
      );
    } finally {
      lab.close();
    }
  },
};

async function connectAndClose(wire: Wire, remote: Endpoint): Promise<Caught> {
  const caught = { SYN_RCVD: 0, ESTABLISHED: 0, LAST_ACK: 0 };
  for (let count = 0; count < CONNECTIONS; count++) {
    const peer = new Peer(wire, { family: 4, remote, trace: new Trace() });
    if (peer.syn().state === 'SYN_RCVD') caught.SYN_RCVD++;
    await peer.expect({ flags: 'SA' });
    if (peer.ack().state === 'ESTABLISHED') caught.ESTABLISHED++;
    peer.fin();
    const fin = await peer.expect({ has: 'F' });
    if (fin.state === 'LAST_ACK') caught.LAST_ACK++;
    peer.ack();
    peer.close();
  }
  return caught;
}

/** `ss` again and again in the server's namespace, in a process of its own. It ends when nobody reads it any more. */
class SsLoop implements Disposable {
  readonly started: Promise<unknown>;
  readonly #process: ChildProcess;
  #printed = '';

  constructor(lab: Lab, port: number) {
    const script = `n=0; while [ $((n += 1)) -le ${LOOP_LIMIT} ]; do ss -Htan 'sport = :${port}'; done`;
    this.#process = lab.server.namespace.spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    this.#process.stdout!.on('data', (part: Buffer) => (this.#printed += part.toString('latin1')));
    this.started = once(this.#process.stdout!, 'data');
  }

  caught(): Caught {
    const seen = this.#printed.split('\n').map((line) => {
      const [state = '', , , , remote = ''] = line.split(/\s+/);
      return `${findState(state)} ${remote}`;
    });
    const count = (state: State): number =>
      new Set(seen.filter((entry) => entry.startsWith(`${state} `))).size;
    return {
      SYN_RCVD: count('SYN_RCVD'),
      ESTABLISHED: count('ESTABLISHED'),
      LAST_ACK: count('LAST_ACK'),
    };
  }

  [Symbol.dispose](): void {
    this.#process.kill('SIGKILL');
  }
}
