import type { CaseResult, EnvironmentInfo, Level, Plane, Reference, RunResult, TargetInfo } from '#trace';
import type { TargetDefinition } from '#target';
import type { Family } from '#tcp';

/** What a user can know of a case before it runs: `closewait list` and `explain` print it. */
export interface CaseInfo {
  readonly id: string;
  readonly title: string;
  readonly level: Level;
  readonly refs: readonly Reference[];
  readonly tags: readonly string[];
  /** What it does, a sentence a step. */
  readonly steps: readonly string[];
  /** What must be seen. */
  readonly expected: string;
  /** Why that is right, for a reader who knows sockets but not the RFC. */
  readonly why: string;
  /** The planes that it can run on. */
  readonly planes: readonly Plane[];
  /** About how long it takes and what it waits for, where that is more than a moment. */
  readonly lasts?: { readonly ms: number; readonly why: string };
  /** It waits for a protocol timer longer than a few seconds: run with `--slow`. */
  readonly slow: boolean;
}

/** A failure that is known of a server: it must be there, and say what is pinned. */
export interface KnownFailure {
  /** The target's name. */
  readonly target: string;
  /** The case's id. */
  readonly case: string;
  /** Left out: on both. */
  readonly family?: Family;
  /** Why it is tolerated. */
  readonly reason: string;
  /** A public issue or a document, `nodejs/node#27363`. */
  readonly reference: string;
  /** A part of the failure's reason; a failure that says otherwise is a new one. */
  readonly message: string;
  /** It is a race, or needs circumstances: to pass is no news. */
  readonly sometimes?: boolean;
  /** ISO date from which on it counts as a failure again. */
  readonly expires?: string;
}

/** What a run lets the cases know. */
export type CaseOptions = Pick<RunPlan, 'slow' | 'scale' | 'caseTimeoutMs' | 'seed' | 'proxy'>;

/** What to run: every case on every target and family. */
export interface RunPlan {
  readonly targets: readonly TargetDefinition[];
  readonly cases: readonly CaseInfo[];
  readonly families: readonly Family[];
  readonly plane: Plane | 'auto';
  readonly seed: number;
  /** How often each case is run; the worst verdict counts, and its reason tells when they differ. */
  readonly repeat: number;
  /** Cases that can choose wait for the protocol's timers in full length. */
  readonly slow: boolean;
  /** How many connections the cases of `pressure` make; left out: a few hundred. */
  readonly scale?: number;
  /** The longest that a case waits for the server to do something without a time of its own, milliseconds; left out: 5000. */
  readonly caseTimeoutMs?: number;
  /** The Toxiproxy that cases of `proxy` use, `http://127.0.0.1:8474`; left out: embedded ones. */
  readonly proxy?: string;
  /** Failures that are expected: their verdict is `known`. */
  readonly known?: readonly KnownFailure[];
  /** Aborted: the run ends in order and resolves with what has been judged so far. */
  readonly signal?: AbortSignal;
}

/** Told of a run as it goes. */
export interface RunListener {
  runStarted?(run: { environment: EnvironmentInfo; total: number }): void;
  /** The target answered its greeting; `startMs` from spawn to answer. */
  targetReady?(target: TargetInfo, startMs: number): void;
  caseStarted?(id: string, target: string, family: Family): void;
  caseEnded?(result: CaseResult): void;
}

/** Runs a plan. @throws CW_PLANE when the plane that was asked for cannot be had, CW_TARGET_START when a target does not start */
export type RunCases = (plan: RunPlan, listener: RunListener) => Promise<RunResult>;
