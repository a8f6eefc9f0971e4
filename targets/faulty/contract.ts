import type { TargetProgram } from '#target';
import { faultyProgram, soundTwin } from './program.ts';
import { python, type Runtime } from './runtime.ts';

/** The families of faults that people had: half-close, relay, events at the end of the stream, leaks, unread data, and so on. */
export type Family = 'A' | 'B' | 'C' | 'D' | 'E' | 'F' | 'G' | 'H' | 'I' | 'J' | 'K' | 'L';

/** What is known of a faulty server. */
export interface FaultEntry {
  /** Its file in `servers/`, without `.py` or `.ts`. */
  readonly name: string;
  /** What is wrong, in one line. */
  readonly title: string;
  readonly family: Family;
  /** A public issue about such a fault. */
  readonly issue: string;
  /** Ids of cases that must fail. */
  readonly caughtBy: readonly string[];
  /** Ids, or patterns of ids, of cases that may fail too, because the same fault shows there. */
  readonly mayFail?: readonly string[];
}

/** A server with one fault, and the same server without. */
export interface Fault extends Required<FaultEntry> {
  readonly target: TargetProgram;
  readonly twin: TargetProgram;
}

export function defineFaults(entries: readonly FaultEntry[], runtime: Runtime = python): readonly Fault[] {
  return entries.map((entry) => ({
    mayFail: [],
    ...entry,
    target: faultyProgram(runtime, entry.name, entry.title),
    twin: soundTwin(runtime, entry.name),
  }));
}
