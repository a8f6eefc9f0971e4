import { randomBytes } from 'node:crypto';
import type { ChildProcess } from 'node:child_process';
import type { Namespace } from '#sys';

/** A command that has not ended by then is given up, ms. */
const DEADLINE_MS = 5000;

/** Runs each line that it reads, and tells its status behind a mark that no tool prints. It ends when we do. */
const LOOP =
  'while IFS= read -r line; do eval "$line" </dev/null 2>/dev/null; printf "\\n%s %s\\n" "$MARK" "$?"; done';

/**
 * A shell inside a namespace, which starts tools for us: to fork a small process takes a millisecond, to fork this one
 * thirty, and a case looks at its server more than once.
 */
export class ToolShell {
  readonly #mark = randomBytes(12).toString('hex');
  readonly #child: ChildProcess;
  #output = '';
  #wake: (() => void) | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #broken = false;

  constructor(namespace: Namespace, env: NodeJS.ProcessEnv) {
    const child = namespace.spawn('/bin/sh', ['-c', LOOP], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...env, MARK: this.#mark },
    });
    this.#child = child;
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      this.#output += part;
      this.#wake?.();
    });
    for (const stream of [child, child.stdin!]) stream.on('error', () => this.close());
    child.on('close', () => this.close());
  }

  /** What a command prints; null: it failed, or the shell is not there, and why has to be found out otherwise. */
  run(words: readonly string[]): Promise<string | null> {
    const done = this.#last.then(() => this.#runNow(words));
    this.#last = done;
    return done;
  }

  close(): void {
    this.#broken = true;
    this.#child.stdin?.destroy();
    this.#child.kill('SIGKILL');
    this.#wake?.();
  }

  async #runNow(words: readonly string[]): Promise<string | null> {
    if (this.#broken || words.some((word) => word.includes('\n'))) return null;
    this.#output = '';
    this.#child.stdin!.write(`${words.map(quoted).join(' ')}\n`);
    const end = new RegExp(`\\n${this.#mark} (\\d+)\\n$`);
    const found = await new Promise<RegExpExecArray | null>((resolve) => {
      const look = (): void => {
        const match = end.exec(this.#output.slice(-100));
        if (match === null && !this.#broken) return;
        clearTimeout(deadline);
        this.#wake = undefined;
        resolve(match);
      };
      const deadline = setTimeout(() => this.close(), DEADLINE_MS);
      this.#wake = look;
      look();
    });
    if (found === null || found[1] !== '0') return null;
    return this.#output.slice(0, -found[0].length);
  }
}

/** A word as a POSIX shell reads it back. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
