import type { Family, State } from '#tcp';
import type { Connection, TraceEvent } from './events.ts';

/** must and should judge the stack, robustness the server, policy what the target declares. */
export const LEVELS = ['must', 'should', 'policy', 'robustness'] as const;
export type Level = (typeof LEVELS)[number];

/**
 * - `pass`, `fail`: judged.
 * - `inconclusive`: it ran, and what it saw does not decide.
 * - `unsupported`: this target cannot do it (it never dials out).
 * - `skipped`: this machine or plane cannot do it; `reason` says what is missing and the remedy.
 * - `info`: policy that the target does not declare: reported, not judged.
 * - `known`: failed, and the known-failures file says so.
 */
export const VERDICTS = ['pass', 'fail', 'inconclusive', 'unsupported', 'skipped', 'info', 'known'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** How the reason of a case begins that was repeated, and did not end the same way each time. */
export const FLAKY = 'flaky,';

/** What was seen of a case that could not be run since its server did not start, or not again. */
export const NOT_STARTED = 'the server did not start';

/** Which way a run reaches the server: packets in our hands, or kernel sockets on loopback alone. */
export const PLANES = ['wire', 'loopback'] as const;
export type Plane = (typeof PLANES)[number];

/** A clause that a case rests on, or (without `rfc`) the public issue it comes from. */
export interface Reference {
  readonly rfc?: number;
  /** Without the sign: `3.10.7.4`. */
  readonly section?: string;
  readonly quote?: string;
  /** `golang/go#18527` */
  readonly issue?: string;
}

/** State path, application and leaks are three findings: a server may be right in one and wrong in another. */
export const FINDINGS = ['states', 'application', 'leaks'] as const;
export type Finding = (typeof FINDINGS)[number];

export interface Fault {
  readonly finding: Finding;
  readonly text: string;
}

/** One state of the path that a socket took. */
export interface PathEntry {
  readonly state: State;
  /** Microseconds from the start of the case. */
  readonly atUs: number;
  readonly cause: string;
}

/** What a case found out about one target on one family: the unit of every report. */
export interface CaseResult {
  /** The path of its file under `suites/`, without the extension: `states/fin-wait-1`. Never changes. */
  readonly id: string;
  readonly title: string;
  readonly level: Level;
  readonly refs: readonly Reference[];
  /** The target's name. */
  readonly target: string;
  readonly family: Family;
  readonly plane: Plane;
  readonly verdict: Verdict;
  /** One line; empty for a plain pass. For `skipped`, also the remedy. */
  readonly reason: string;
  readonly expected: string;
  readonly actual: string;
  readonly durationMs: number;
  /** What was done to the server to bring it there, in words: `FIN, its own FIN left unacknowledged`. */
  readonly stimulus: string;
  /** From the stimulus to the state known, microseconds; null where the case is not about one state. */
  readonly stateAfterUs: number | null;
  readonly states: { readonly server: readonly PathEntry[]; readonly client: readonly PathEntry[] };
  /** What was not as it must be, by the kind of finding; the verdict's reason has the same in one line. */
  readonly faults: readonly Fault[];
  /** What the server's application did, in words, in order; null where nothing was looked at. */
  readonly application: readonly string[] | null;
  /** What was left behind against the baseline, in words; empty: nothing; null: not counted. */
  readonly leaks: readonly string[] | null;
  /** What the case waits for, where that is more than a moment; else empty. */
  readonly waits: string;
  readonly evidence: {
    /** Verbatim lines of `ss` that show the state. For CLOSED, what ss still lists on the port: the listener. */
    readonly ss: readonly string[];
    /** Path of the capture file, if one was written. */
    readonly pcapng: string | null;
    readonly connection: Connection | null;
    readonly trace: readonly TraceEvent[];
  };
}

/** A target as a report names it. */
export interface TargetInfo {
  readonly name: string;
  readonly version: string;
  /** The command line it was started with; empty when it was running already. */
  readonly command: readonly string[];
}

/** What the run ran on. */
export interface EnvironmentInfo {
  readonly plane: Plane;
  /** Why not the wire, when the plane is loopback and was not asked for; else empty. */
  readonly planeReason: string;
  readonly os: string;
  readonly kernel: string;
  readonly node: string;
  readonly user: 'root' | 'ordinary';
  /** `tun`, `veth` or `none`. */
  readonly link: string;
  /** First line of `ss -V`; empty when there is none. */
  readonly ss: string;
  /** TCP sysctls of the server's namespace, name to value. */
  readonly sysctls: Readonly<Record<string, string>>;
}

/** `closewait.run/1`: what `--json` writes, and all that reports read. */
export interface RunResult {
  readonly schema: 'closewait.run/1';
  readonly tool: { readonly name: 'closewait'; readonly version: string };
  /** The target, or null when the run had several: then `targets` has them. */
  readonly target: TargetInfo | null;
  readonly targets: readonly TargetInfo[];
  readonly environment: EnvironmentInfo;
  readonly seed: number;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly cases: readonly CaseResult[];
  readonly summary: Readonly<Record<Verdict, number>> & { readonly total: number };
}

/** Counts of verdicts. */
export function summarize(cases: readonly Pick<CaseResult, 'verdict'>[]): RunResult['summary'] {
  const counts = Object.fromEntries(VERDICTS.map((verdict) => [verdict, 0])) as Record<Verdict, number>;
  for (const { verdict } of cases) counts[verdict] += 1;
  return { ...counts, total: cases.length };
}
