import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { ChildProcess } from 'node:child_process';
import type { Namespace } from '#sys';

/** Longest that a helper may take for one job, ms. */
const DEADLINE_MS = 20_000;

/**
 * A process inside a namespace that does one job for each line of its input and answers with a line of JSON. It ends with
 * its input, so that none outlives the benchmark.
 */
export class Helper implements Disposable {
  readonly #process: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  readonly #name: string;
  #complaints = '';

  constructor(namespace: Namespace, [program, ...args]: readonly [string, ...string[]]) {
    this.#name = [program, ...args].join(' ').slice(0, 80);
    this.#process = namespace.spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#process.on('error', (error) => (this.#complaints += error.message));
    this.#process.stdin!.on('error', () => undefined);
    this.#process.stderr!.on('data', (part: Buffer) => (this.#complaints += part.toString()));
    this.#answers = createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]();
  }

  async ask<T>(job: string): Promise<T> {
    const deadline = setTimeout(() => this.#process.kill('SIGKILL'), DEADLINE_MS);
    this.#process.stdin!.write(`${job}\n`);
    const { value, done } = await this.#answers.next();
    clearTimeout(deadline);
    if (done !== true) return JSON.parse(value) as T;
    if (this.#process.exitCode === null && this.#process.signalCode === null)
      await once(this.#process, 'close');
    throw new Error(`${this.#name} ended at '${job}': ${this.#complaints.trim().slice(-500)}`);
  }

  [Symbol.dispose](): void {
    this.#process.stdin!.end();
  }
}
