import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunResult } from '#trace';
import { processesNaming } from './processes.ts';

const root = join(import.meta.dirname, '../../..');

/** The command of this checkout, as it is published: not from sources, since tsx would write to the folder that we watch. */
export function built(): readonly string[] {
  return (ours ??= build());
}

let ours: readonly string[] | undefined;

function build(): readonly string[] {
  // Does nothing when dist/ is that of the sources.
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return [process.execPath, join(root, 'dist/main.js')];
}

/** No run of the tests takes as long, ms. */
const HANGS_MS = 40_000;

/** The watchman of a run ends a moment after it. */
const GRACE_MS = 5000;

export interface Outcome {
  /** null: ended by a signal. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What --json wrote. @throws when it wrote nothing */
  readonly result: RunResult;
  /** Whether --json wrote something. */
  readonly hasResult: boolean;
  /** Processes and files that were left when it had ended. */
  readonly remains: readonly string[];
}

/** One call of the command, in a folder of its own, so that what it leaves behind can be told. */
export class Call {
  readonly ended: Promise<Outcome>;
  readonly #child: ChildProcess;
  readonly #folder = mkdtempSync(join(tmpdir(), 'closewait-e2e-'));
  readonly #output = { stdout: '', stderr: '' };
  #news: (() => void)[] = [];

  /** @param command what stands before the arguments; left out: the command of this checkout */
  constructor(args: readonly string[], command = built()) {
    // Another user's command writes here, too.
    chmodSync(this.#folder, 0o755);
    for (const name of ['temp', 'work']) {
      mkdirSync(join(this.#folder, name));
      chmodSync(join(this.#folder, name), 0o777);
    }
    const [program, ...before] = command;
    const json = args[0] === 'run' ? ['--json', this.#json] : [];
    this.#child = spawn(program!, [...before, ...args, ...json], {
      cwd: join(this.#folder, 'work'),
      env: { ...process.env, HOME: this.#temp, TMPDIR: this.#temp },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: HANGS_MS,
      killSignal: 'SIGKILL',
    });
    for (const name of ['stdout', 'stderr'] as const) {
      this.#child[name]!.setEncoding('utf8').on('data', (text: string) => {
        this.#output[name] += text;
        for (const tell of this.#news.splice(0)) tell();
      });
    }
    this.ended = this.#end();
  }

  get #temp(): string {
    return join(this.#folder, 'temp');
  }

  get #json(): string {
    return join(this.#folder, 'work/run.json');
  }

  /** What it has printed so far. */
  get stdout(): string {
    return this.#output.stdout;
  }

  /** Resolves when stdout has this; false when the command ended without. */
  async said(pattern: RegExp): Promise<boolean> {
    const end = this.ended.then(() => 'over');
    for (;;) {
      if (pattern.test(this.#output.stdout)) return true;
      const news = new Promise<string>((resolve) => this.#news.push(() => resolve('news')));
      if ((await Promise.race([end, news])) === 'over') return pattern.test(this.#output.stdout);
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Processes that it runs now. */
  processes(): string[] {
    return processesNaming(this.#folder);
  }

  async #end(): Promise<Outcome> {
    try {
      const code = await new Promise<number | null>((resolve, reject) => {
        this.#child.on('error', reject).on('close', resolve);
      });
      const remains = await this.#remains();
      const text = existsSync(this.#json) ? readFileSync(this.#json, 'utf8') : null;
      return {
        ...this.#output,
        code,
        remains,
        hasResult: text !== null,
        get result() {
          return JSON.parse(text ?? 'no result was written') as RunResult;
        },
      };
    } finally {
      rmSync(this.#folder, { recursive: true, force: true });
    }
  }

  async #remains(): Promise<string[]> {
    const deadline = performance.now() + GRACE_MS;
    for (;;) {
      const left = [...this.processes(), ...readdirSync(this.#temp)];
      if (left.length === 0 || performance.now() > deadline) return left;
      await delay(5);
    }
  }
}

/** Calls the command and waits for its end. */
export function closewait(...args: string[]): Promise<Outcome> {
  return new Call(args).ended;
}
