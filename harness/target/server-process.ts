import type { ChildProcess } from 'node:child_process';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { CloseWaitError } from '#core';
import { openPremises, type Host } from '#lab';
import { LogTail } from './log-tail.ts';
import {
  descendants,
  familyOfGroup,
  goesOn,
  hasStopped,
  listProcesses,
  withEnvironment,
  type ProcessEntry,
} from './process-table.ts';
import type { Exit } from './running.ts';
import { within } from './within.ts';

/** How long signals may take, milliseconds. */
const SIGNAL_MS = 2000;
/** After its end a process's last words are still in the pipe; a child that it left behind may hold the pipe open. */
const LAST_WORDS_MS = 100;

/** What it takes to start a process. */
export interface Launch {
  readonly name: string;
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Put into its environment and no other's: by it are found those of its processes that left the group. */
  readonly mark: string;
}

/** One life of a server: a process group of its own, from spawn to its end. */
export class ServerProcess {
  readonly name: string;
  readonly log = new LogTail();
  readonly died: Promise<Exit>;
  readonly #child: ChildProcess;
  readonly #mark: string;
  #exited: Exit | null = null;
  /** No process is left: the number of the group may be another's. */
  #ended = false;

  constructor(host: Host, { name, command, cwd, env, mark }: Launch) {
    const { warden } = openPremises();
    const [program, ...args] = warden.wrap(command);
    this.name = name;
    this.#mark = `CLOSEWAIT_TARGET=${mark}`;
    this.#child = host.namespace.spawn(program, args, {
      cwd,
      env: { ...env, CLOSEWAIT_TARGET: mark },
      stdio: ['ignore', 'pipe', 'pipe', warden.pipe],
      detached: true,
    });
    // Without a process there is no group either: as a number for kill() 0 would mean our own.
    this.#ended = this.#child.pid === undefined;
    const { stdout, stderr } = this.#child;
    if (stdout !== null) this.log.drain(stdout);
    if (stderr !== null) this.log.drain(stderr);
    const allRead = new Promise<void>((resolve) => this.#child.on('close', () => resolve()));
    this.died = new Promise((resolve) => {
      const end = async (exit: Exit): Promise<void> => {
        this.#exited = exit;
        if (this.remnants().length === 0) this.#noneLeft();
        await within(allRead, LAST_WORDS_MS);
        resolve(exit);
      };
      this.#child.on('exit', (code, signal) => void end({ code, signal }));
      // The shell that starts the command could not itself be started: no folder to start in, no processes left.
      this.#child.on('error', (error) => {
        this.log.add(`${error.message}\n`);
        void end({ code: 127, signal: null });
      });
    });
  }

  /** 0 when not even a shell could be started. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get exited(): Exit | null {
    return this.#exited;
  }

  pids(): number[] {
    if (this.#ended) return [];
    const quick = process.platform === 'linux' && this.#exited === null ? descendants(this.pid) : null;
    return quick ?? familyOfGroup(this.pid, listProcesses());
  }

  /** All that descends from it, found by every means: also what has left the group, and what has no parent any more. */
  remnants(): number[] {
    if (this.#ended) return [];
    const table = listProcesses();
    return [...new Set([...familyOfGroup(this.pid, table), ...withEnvironment(this.#mark, table)])];
  }

  signal(signal: NodeJS.Signals): void {
    if (this.#exited !== null || !this.#child.kill(signal)) throw this.#cannotBeSent(signal);
  }

  pause(): Promise<void> {
    return this.#settle('SIGSTOP', hasStopped, ({ state }) => state === 'T');
  }

  resume(): Promise<void> {
    return this.#settle('SIGCONT', goesOn, ({ state }) => state !== 'T');
  }

  /** SIGKILL to whatever is left, until nothing is. @throws CW_TARGET_SIGNAL */
  async kill(): Promise<void> {
    this.#signalAll('SIGKILL', this.pids());
    await within(this.died, SIGNAL_MS);
    const end = performance.now() + SIGNAL_MS;
    for (let left = this.remnants(); left.length > 0; left = this.remnants()) {
      if (performance.now() > end) {
        throw new CloseWaitError(
          'CW_TARGET_SIGNAL',
          `${this.name}: process ${left.join(', ')} outlived SIGKILL by ${SIGNAL_MS / 1000} s`,
        );
      }
      this.#signalAll('SIGKILL', left);
      await delay(1);
    }
    this.#noneLeft();
  }

  /** SIGTERM, and SIGKILL to what has not ended by itself. @returns what was not in order; empty where all was */
  async stop(graceMs: number): Promise<string> {
    const before = this.#exited;
    if (before === null) await this.#terminate(graceMs);
    const left = this.remnants();
    await this.kill();
    if (left.length === 0) return '';
    return before === null
      ? `${this.name} (process ${left.join(', ')}) did not end within ${graceMs / 1000} s of SIGTERM and was killed`
      : `${this.name} ${exitInWords(before)} and left process ${left.join(', ')} behind, which was killed`;
  }

  async #terminate(graceMs: number): Promise<void> {
    const pids = this.remnants();
    const apart = listProcesses().filter(({ pid, group }) => group !== this.pid && pids.includes(pid));
    this.#signalAll(
      'SIGTERM',
      apart.map(({ pid }) => pid),
    ); // Never twice to one: to many servers a second one means "at once".
    this.#signalAll('SIGCONT', pids); // What was paused ends only when it goes on.
    const end = performance.now() + graceMs;
    await within(this.died, graceMs);
    // What it had forked may end a moment after it. To look takes milliseconds where there are many processes.
    for (
      let pauseMs = 2;
      performance.now() < end && this.remnants().length > 0;
      pauseMs = Math.min(2 * pauseMs, 32)
    )
      await delay(pauseMs);
  }

  /** Signals until all are as they should be: a process that was just being forked gets the signal in the next round. */
  async #settle(
    signal: NodeJS.Signals,
    settled: (pid: number) => boolean,
    settledByPs: (entry: ProcessEntry) => boolean,
  ): Promise<void> {
    const isSettled = process.platform === 'linux' ? settled : settledIn(settledByPs);
    const end = performance.now() + SIGNAL_MS;
    for (let missing = this.pids(); missing.length > 0;) {
      if (this.#exited !== null) throw this.#cannotBeSent(signal);
      if (performance.now() > end) {
        throw new CloseWaitError(
          'CW_TARGET_SIGNAL',
          `${this.name}: process ${missing.join(', ')} did not follow ${signal} within ${SIGNAL_MS / 1000} s`,
        );
      }
      this.#signalAll(signal, missing);
      for (let turn = 0; turn < 20 && missing.length > 0; turn++) {
        await nextTurn();
        missing = this.pids().filter((pid) => !isSettled(pid));
      }
    }
    if (this.#exited !== null) throw this.#cannotBeSent(signal);
  }

  /** A signal to the group and to each of `pids`. */
  #signalAll(signal: NodeJS.Signals, pids: readonly number[]): void {
    if (this.#ended) return;
    for (const pid of [-this.pid, ...pids]) {
      try {
        process.kill(pid, signal);
      } catch (error) {
        // It has ended in the meantime.
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    }
  }

  /** From now on the group's number may be another's. */
  #noneLeft(): void {
    if (this.#ended) return;
    this.#ended = true;
    openPremises().warden.gone(this.pid);
  }

  #cannotBeSent(signal: NodeJS.Signals): CloseWaitError {
    return new CloseWaitError(
      'CW_TARGET_DIED',
      `${this.name} cannot be sent ${signal}: it ${exitInWords(this.#exited)}`,
    );
  }
}

function settledIn(isSettled: (entry: ProcessEntry) => boolean): (pid: number) => boolean {
  return (pid) => listProcesses().every((entry) => entry.pid !== pid || isSettled(entry));
}

/** `ended by SIGSEGV`, `exited with code 1`. */
export function exitInWords(exit: Exit | null): string {
  if (exit === null) return 'is ending';
  return exit.signal === null ? `exited with code ${exit.code}` : `was ended by ${exit.signal}`;
}
