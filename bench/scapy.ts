import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bestLinkKind, requireNoDefaultRoute } from '#lab';
import { Namespace } from '#sys';
import { Helper } from './helper.ts';
import { figureOf, type Figure, type Sample } from './measure.ts';

/** How one job of scapy_states.py went. */
export interface ScapyAnswer {
  readonly count: number;
  readonly seconds: number;
  /** Of its own memory for each connection that it holds; of the job `half-open-traced` alone. */
  readonly bytes: number;
}

/** scapy in a namespace of its own. Where it is missing, a text that says what to do stands for each figure. */
export interface Scapy extends Disposable {
  /** How many of a job's things it does a second. */
  perSecond(job: string): Sample | string;
  /** Another figure of a job, over some rounds. */
  figure(rounds: number, job: string, of: (answer: ScapyAnswer) => number): Promise<Figure | string>;
}

export function startScapy(): Scapy {
  const python = process.env['CLOSEWAIT_PYTHON'] ?? 'python3';
  const missing = whatIsMissing(python);
  if (missing !== null) {
    return { perSecond: () => missing, figure: async () => missing, [Symbol.dispose]: () => undefined };
  }
  const namespace = Namespace.create();
  requireNoDefaultRoute(namespace);
  const helper = new Helper(namespace, [python, fileURLToPath(new URL('scapy_states.py', import.meta.url))]);
  const ask = (job: string): Promise<ScapyAnswer> => helper.ask(job);
  return {
    perSecond: (job) => async () => {
      const { count, seconds } = await ask(job);
      return count / seconds;
    },
    async figure(rounds, job, of) {
      const samples: number[] = [];
      for (let round = 0; round < rounds; round++) samples.push(of(await ask(job)));
      return figureOf(samples);
    },
    [Symbol.dispose]() {
      helper[Symbol.dispose]();
      namespace.close();
    },
  };
}

function whatIsMissing(python: string): string | null {
  if (spawnSync(python, ['-c', 'import scapy']).status !== 0) {
    return 'scapy is not installed: python3 -m venv DIR && DIR/bin/pip install scapy, then set CLOSEWAIT_PYTHON=DIR/bin/python';
  }
  if (bestLinkKind() !== 'tun') return 'scapy needs /dev/net/tun, which this user may not open; run as root';
  return null;
}
