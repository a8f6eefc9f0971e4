import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** What one burner runs: a loop that ends with its parent, and at the latest after so many milliseconds. */
const LOOP = `
const [parent, deadline] = [process.ppid, Date.now() + Number(process.argv[1])];
while (process.ppid === parent && Date.now() < deadline) for (let i = 0; i < 1e6; i++);
`;

/** Child processes that do nothing but use a processor each. They are killed when it is disposed of, or this process exits. */
export class Burners implements AsyncDisposable {
  readonly #children: readonly ChildProcess[];
  readonly #kill = (): void => this.#children.forEach((child) => child.kill('SIGKILL'));

  /** @param mostMs when they end by themselves, whatever happens */
  constructor(count: number, mostMs: number) {
    this.#children = Array.from({ length: count }, () =>
      spawn(process.execPath, ['-e', LOOP, String(mostMs)], { stdio: 'ignore' }),
    );
    process.on('exit', this.#kill);
  }

  get pids(): number[] {
    return this.#children.flatMap(({ pid }) => pid ?? []);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.off('exit', this.#kill);
    const running = this.#children.filter(
      ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
    );
    const ends = running.map((child) => once(child, 'exit'));
    this.#kill();
    await Promise.all(ends);
  }
}
