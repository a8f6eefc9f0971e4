import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Namespace, withRoutes } from '#sys';

const LIMIT = '/proc/sys/user/max_net_namespaces';
const NO_LIMIT = '100000';

/** Who runs the command, and how: before the command line comes `prefix`. */
export interface User {
  readonly name: string;
  readonly prefix: readonly string[];
}

/** What the machine has more than it had when this was made. For a box (./box.ts), where nobody else adds to it. */
export class Remains {
  readonly #tmp: string;
  readonly #processes = processes();
  readonly #devices = devices();
  readonly #namespaces: ReadonlyMap<User, number>;

  /** @param tmp the folder for temporary files, empty */
  constructor(tmp: string, users: readonly User[]) {
    this.#tmp = tmp;
    this.#namespaces = new Map(users.map((user) => [user, countNamespaces(user)]));
  }

  /**
   * Waits until nothing is left.
   * @returns how long it took until processes, devices and files were gone, ms; or what is still there, one in a line
   */
  async gone(withinMs: number): Promise<number | string[]> {
    const start = performance.now();
    while (this.#find().length > 0) {
      if (performance.now() - start > withinMs) return this.#find();
      await delay(5);
    }
    const ms = performance.now() - start;
    await kernelHasCaughtUp();
    const deadline = performance.now() + withinMs;
    for (const [user, before] of this.#namespaces) {
      while (!fits(user, before + 1)) {
        if (performance.now() > deadline) return [`a network namespace of ${user.name}`];
        await delay(5);
      }
    }
    return ms;
  }

  #find(): string[] {
    return [
      ...[...processes()]
        .filter(([pid]) => !this.#processes.has(pid))
        .map(([pid, what]) => `process ${pid}: ${what}`),
      ...devices()
        .filter((name) => !this.#devices.includes(name))
        .map((name) => `network device ${name}`),
      ...readdirSync(this.#tmp).map((name) => `file ${name}`),
    ];
  }
}

const MARKER = 'marker';
const KERNEL_MS = 30_000;

/**
 * The kernel ends namespaces in the order in which they were let go of, everybody's, when it comes to it: waits until it has
 * ended one that is let go of now. What is held after that is held by somebody.
 */
async function kernelHasCaughtUp(): Promise<void> {
  const marker = Namespace.create();
  withRoutes((routes) => routes.addVeth(MARKER, 'inside', marker));
  marker.close();
  const deadline = performance.now() + KERNEL_MS;
  while (devices().includes(MARKER)) {
    if (performance.now() > deadline) throw new Error(`the kernel ended no namespace in ${KERNEL_MS} ms`);
    await delay(5);
  }
}

/** How many network namespaces a user holds, by any means: processes, descriptors, sockets that nobody owns any more. */
function countNamespaces(user: User): number {
  let count = 0;
  while (!fits(user, count + 1)) count++;
  return count;
}

/** Whether one more fits under a limit, which the kernel keeps for each user of a user namespace. */
function fits({ prefix }: User, limit: number): boolean {
  const [program, ...args] = [...prefix, 'unshare', '--user', '--net', 'true'];
  writeFileSync(LIMIT, String(limit));
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  writeFileSync(LIMIT, NO_LIMIT);
  if (status !== 0 && !stderr.includes('No space left'))
    throw new Error(`no namespace can be made: ${stderr}`);
  return status === 0;
}

function processes(): Map<number, string> {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return new Map(pids.map((pid) => [pid, commandLine(pid)]));
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim() || '(ending)';
  } catch {
    return '(ended)';
  }
}

function devices(): string[] {
  return [...readFileSync('/proc/net/dev', 'latin1').matchAll(/^ *([^\s:]+):/gm)].map(([, name]) => name!);
}
