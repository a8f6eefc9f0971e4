import { AssertionError } from 'chai';
import { CloseWaitError } from '#core';
import { expect } from '#expect';
import { findState, type Endpoint, type Family, type State, type Tuple } from '#tcp';
import type { RunningTarget } from '#target';
import type { StateSource, Trace } from '#trace';
import { VerdictError } from './judge.ts';
import type { Witness } from './witness.ts';

export interface BaseOptions {
  readonly target: RunningTarget;
  readonly family: Family;
  readonly trace: Trace;
  readonly witness: Witness;
}

/** What a case has in hand on either plane. */
export abstract class BaseCase {
  readonly target: RunningTarget;
  readonly family: Family;
  readonly trace: Trace;
  /** Where the server listens. */
  readonly server: Endpoint;
  readonly #witness: Witness;
  readonly #cleanups: (() => void | Promise<void>)[] = [];
  /** Connections that assertions are made about. */
  readonly sources: StateSource[] = [];
  /** The case itself has ended the server's process: that it is gone is no finding. */
  endedProcess = false;
  /** What was learned, for the result. */
  readonly findings = { stimulus: '', actual: '', stateAfterUs: null as number | null, ss: [] as string[] };

  constructor({ target, family, trace, witness }: BaseOptions) {
    this.target = target;
    this.family = family;
    this.trace = trace;
    this.server = target.endpoint(family);
    this.#witness = witness;
  }

  /** Undoes something when the case has ended, however it ended. The last comes first. */
  cleanup(undo: () => void | Promise<void>): void {
    this.#cleanups.push(undo);
  }

  async end(): Promise<void> {
    for (const undo of this.#cleanups.reverse()) await undo();
  }

  /** This target cannot do what the case needs. Never returns. */
  unsupported(reason: string): never {
    throw new VerdictError('unsupported', reason);
  }

  /** This plane cannot do what the case needs. Never returns. */
  skip(reason: string, remedy: string): never {
    throw new VerdictError('skipped', `${reason}; ${remedy}`);
  }

  /**
   * The state that the case is about has been reached: checks it by a lookup and by the witness, whose lines are the evidence.
   * @param stimulus what brought the server there, in words
   * @param afterUs from the stimulus to the state known, microseconds
   */
  async confirm(source: StateSource & { readonly tuple: Tuple }, state: State, stimulus: string, afterUs: number): Promise<void> {
    this.findings.stimulus = stimulus;
    this.findings.stateAfterUs = afterUs;
    expect(source).to.be.in.state(state);
    const { local, remote } = source.tuple;
    const lines = await this.#witness.lines(this.target.host.namespace, local, remote);
    const seen = lines.map(stateInLine);
    const wanted = state === 'CLOSED' ? [] : [state];
    if (seen.join() !== wanted.join()) {
      throw new AssertionError(
        `expected ${this.#witness.name} to report ${source} ${wanted[0] ?? 'not at all'}; it printed ${lines.join(' | ') || 'no line'}`,
        { actual: seen.join() || 'no line', expected: wanted.join() || 'no line', showDiff: true },
      );
    }
    // Of a connection that is gone, what shows it is what is still listed on the port: the listener alone.
    const shown = state === 'CLOSED' ? await this.#witness.lines(this.target.host.namespace, local, null) : lines;
    this.note(state, shown);
  }

  /** Evidence that was found otherwise. */
  note(actual: string, lines: readonly string[]): void {
    this.findings.actual = actual;
    this.findings.ss.push(...lines);
    this.trace.witness(this.#witness.name, lines);
  }

  /** The witness's lines of all sockets on the server's port. */
  portLines(): Promise<string[]> {
    return this.#witness.lines(this.target.host.namespace, this.server, null);
  }
}

/** The first word of a line that is a state. */
export function stateInLine(line: string): State {
  for (const word of line.trim().split(/\s+/)) {
    const state = /^[A-Za-z]/.test(word) ? findState(word) : undefined;
    if (state !== undefined) return state;
  }
  throw new CloseWaitError('CW_OBSERVER', `no state in the line '${line}'`);
}
