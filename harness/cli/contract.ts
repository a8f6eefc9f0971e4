import type { EventEmitter } from 'node:events';
import type { CaseInfo, RunCases } from '#case';
import type { Output } from '#report';
import type { LearnTraits, Ready, TargetDefinition, Told } from '#target';
import type { Endpoint } from '#tcp';
import type { Plane } from '#trace';

/** All that the command line works with: it imports neither targets nor suites, it is given them. */
export interface Registry {
  readonly version: string;
  readonly targets: readonly TargetDefinition[];
  /** The names of those that a run takes which names none. */
  readonly core: readonly string[];
  readonly cases: readonly CaseInfo[];
  readonly run: RunCases;
  readonly learn: LearnTraits;
  /** A target from `--exec`. */
  execTarget(options: ExecOptions): TargetDefinition;
  /** A target that is running already, at a loopback address. `like`: the target of `--as`. */
  attachTarget(endpoint: Endpoint, told: Told, like?: TargetDefinition): TargetDefinition;
  doctor(): DoctorReport | Promise<DoctorReport>;
}

/** A server of the user's own, as `--exec` and the flags that belong to it describe it. */
export interface ExecOptions extends Told {
  /** As given, placeholders and all: `node server.js --port {port}`. */
  readonly command: string;
  /** Left out: the target's maker chooses. */
  readonly ready?: Ready;
  readonly cwd?: string;
  readonly env: Readonly<Record<string, string>>;
}

/** What this machine lets a run do. */
export interface DoctorReport {
  readonly items: readonly DoctorItem[];
  /** The plane that a run would use; null: none works. */
  readonly plane: Plane | null;
}

export interface DoctorItem {
  readonly name: string;
  readonly ok: boolean;
  /** What was found. */
  readonly detail: string;
  /** The command or setting that mends it; empty where `ok`. */
  readonly remedy: string;
}

/** A stream that the command writes to: `process.stdout` is one. */
export interface Stream extends Output {
  hasColors?(): boolean;
  on?(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
}

/** Where the command's output goes and its signals come from. */
export interface Io {
  readonly stdout: Stream;
  readonly stderr: Stream;
  /** Emits `SIGINT` and `SIGTERM`. */
  readonly signals: Pick<EventEmitter, 'on' | 'off'>;
}

/** A command of `closewait`. */
export interface Command {
  readonly name: string;
  /** One line for `closewait --help`. */
  readonly title: string;
  help(): string;
  /** @returns the exit code @throws CloseWaitError */
  run(argv: readonly string[], registry: Registry, io: Io): number | Promise<number>;
}
