import type { Host } from '#lab';
import type { Endpoint, Family, State } from '#tcp';
import type { TargetInfo } from '#trace';
import type { DialTo, Exchange, Traits } from './contract.ts';

/** A server that answers its greeting. */
export interface RunningTarget extends AsyncDisposable {
  readonly info: TargetInfo;
  readonly host: Host;
  /** The families on which it can be reached. */
  readonly families: readonly Family[];
  readonly greeting: Exchange | null;
  readonly traits: Traits;
  /** What it was told to dial when it is asked to: the very objects that were passed in. */
  readonly dialTo: DialTo;
  /** From spawn to the first answer, milliseconds; for a server that ran already, the time of the greeting. */
  readonly readyMs: number;
  /** null: it ran already, and its process is not ours to touch. */
  readonly process: ProcessControl | null;
  /** Where it listens. @throws CW_TARGET_PORT for a family or a port that it does not have */
  endpoint(family: Family, port?: string): Endpoint;
  /** Has the whole greeting answered on a connection of its own, which is gone afterwards. @throws CW_TARGET_GREETING, CW_TARGET_DIED */
  greet(family: Family): Promise<void>;
  /** What it holds now, to compare with what it held before. */
  counts(): Counts;
  /**
   * Ends it: SIGTERM, after a while SIGKILL, and waits until no process is left; then removes its folder. Safe to call
   * twice, and on a target that is stopped by SIGSTOP or dead. One that ran already is let go, and goes on.
   * @returns what was not in order, in one line; empty where all was
   */
  stop(): Promise<string>;
}

/** The processes of a target that closewait started. */
export interface ProcessControl {
  /** The process that was started: its group has the same number. */
  readonly pid: number;
  /** How that process ended; null while it runs. */
  readonly exited: Exit | null;
  /** Resolves when that process ends, by whatever; a restart makes a new promise. */
  readonly died: Promise<Exit>;
  /** Its living processes: the one that was started, its descendants and its group. */
  pids(): number[];
  /** Whether one of its threads runs, or waits for a processor, now. */
  isRunning(): boolean;
  /** How long each of its threads has run or waited for a processor, nanoseconds, by thread number. Empty: not known. */
  threadTimes(): Map<number, number>;
  /**
   * Lets each of its processes open `spare` more descriptors than it has now, and no more (Linux).
   * @throws CW_SYSTEM_CALL where one is another user's
   */
  limitFds(spare: number): FdLimits;
  /** Lets each of its processes open `least` descriptors, where it may open fewer and we may change that (Linux). */
  raiseFds(least: number): RaisedFds;
  /** SIGSTOP to all of them; resolves when every thread has stopped. @throws CW_TARGET_SIGNAL */
  pause(): Promise<void>;
  /** SIGCONT to all of them; resolves when every one goes on. */
  resume(): Promise<void>;
  /** Sends a signal to the process that was started, as a supervisor does. @throws CW_TARGET_DIED */
  signal(signal: NodeJS.Signals): void;
  /** SIGKILL to all of them; resolves when none is left. */
  kill(): Promise<void>;
  /**
   * Starts it again on the same addresses and ports, in an emptied folder; what still runs is killed first.
   * @throws CW_TARGET_START, CW_TARGET_GREETING
   */
  restart(): Promise<void>;
  /** The last lines that it wrote to stdout and stderr, control characters escaped. */
  logTail(lines?: number): string[];
  /** How much it has written to stdout and stderr since it was started, as far as it has been read: a full pipe stops it. */
  logBytes(): number;
}

/** A limit on descriptors, while it lasts. */
export interface FdLimits {
  /** How many descriptors each of the limited processes that are left may still open. */
  spare(): readonly number[];
  /** Gives back what each had. Safe to call twice. */
  restore(): void;
}

/** Limits on descriptors that were raised. */
export interface RaisedFds {
  /** Processes whose limit is still lower than was asked for, and what it is. */
  readonly short: readonly { readonly pid: number; readonly limit: number }[];
  /** Gives back what each had. Safe to call twice. */
  restore(): void;
}

/** How a process ended: one of the two is null. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What a target holds. null: cannot be counted on this system, or for a server that is not ours. */
export interface Counts {
  /** Open file descriptors of all its processes. */
  readonly fds: number | null;
  readonly processes: number | null;
  /** Resident memory that no file backs, KiB. */
  readonly memoryKib: number | null;
  /** TCP sockets on its ports, and those by which it dials, by state; half-open, orphaned and TIME_WAIT ones too. */
  readonly sockets: Readonly<Record<State, number>> | null;
}
