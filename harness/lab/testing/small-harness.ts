// A harness that is told what to leave behind, for tests to kill. It says what it has made in one line of JSON, and waits.
import { writeSync } from 'node:fs';
import type { ChildProcess } from 'node:child_process';
import { closePremises, createLab, openPremises, type Host } from '#lab';
import { Namespace, withRoutes } from '#sys';

/** What the harness says. */
export interface Told {
  readonly folder: string;
  readonly inode: number;
  readonly pids: readonly number[];
}

const SLEEP = ['sleep', '1000'];
/** Forks all the time, each time into a session of its own, and leaves its children alone. */
const FORKS = ['sh', '-c', 'while :; do setsid sleep 1000 & sleep 0.005; done'];

const premises = openPremises();
const { warden } = premises;
const path = premises.folder('server');
const lab = createLab();
// The other end of this device is in the lab, and goes with it: a test sees by it that the lab's namespace has ended.
withRoutes((routes) => routes.addVeth('watched', 'canary', lab.server.namespace));

function start(at: Pick<Host, 'namespace'>, command: readonly string[]): ChildProcess {
  const [program, ...args] = warden.wrap(command);
  const child = at.namespace.spawn(program, args, {
    stdio: ['ignore', 'ignore', 'ignore', warden.pipe],
    detached: true,
  });
  child.unref();
  return child;
}

function tell(...children: readonly ChildProcess[]): void {
  const told: Told = {
    folder: path,
    inode: lab.server.namespace.inode,
    pids: children.map(({ pid }) => pid!),
  };
  writeSync(1, `${JSON.stringify(told)}\n`);
}

const home = { namespace: Namespace.home() };
const modes: Readonly<Record<string, () => void>> = {
  holds: () => tell(start(lab.server, SLEEP), start(home, SLEEP)),
  forks: () => tell(start(lab.server, FORKS)),
  dies: () => {
    tell(...Array.from({ length: 10 }, (_, n) => start(n % 2 === 0 ? lab.server : home, SLEEP)));
    process.kill(process.pid, 'SIGKILL');
  },
  'told gone': () => {
    const children = [start(lab.server, SLEEP), start(home, SLEEP)];
    // In order: the warden reads what the children say of themselves before what is said of them.
    setTimeout(() => {
      for (const { pid } of children) warden.gone(pid!);
      lab.close();
      tell(...children);
    }, 200);
  },
  ends: () => {
    tell(start(lab.server, SLEEP), start(home, SLEEP));
    lab.close();
    closePremises();
    process.exit(0);
  },
};

modes[process.argv[2]!]!();
setInterval(() => undefined, 1000);
