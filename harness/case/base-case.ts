import { AssertionError } from 'chai';
import { CloseWaitError, nowUs } from '#core';
import { expect } from '#expect';
import { findState, formatEndpoint, type Endpoint, type Family, type State, type Tuple } from '#tcp';
import type { RunningTarget } from '#target';
import type { StateSource, Trace } from '#trace';
import { findSocket, isListening } from '#wire';
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
    for (const undo of this.#cleanups.toReversed()) await undo();
  }

  /** This target cannot do what the case needs. Never returns. */
  unsupported(reason: string): never {
    throw new VerdictError('unsupported', reason);
  }

  /** It ran, and what it saw does not decide. Never returns. */
  inconclusive(reason: string): never {
    throw new VerdictError('inconclusive', reason);
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
  async confirm(
    source: StateSource & { readonly tuple: Tuple },
    state: State,
    stimulus: string,
    afterUs: number,
  ): Promise<void> {
    this.findings.stimulus = stimulus;
    this.findings.stateAfterUs = afterUs;
    expect(source).to.be.in.state(state);
    const { local, remote } = source.tuple;
    const lines = await this.#witness.lines(this.target.host.namespace, local, remote);
    const seen = lines.map(stateInLine);
    const wanted = state === 'CLOSED' ? [] : [state];
    if (seen.join() !== wanted.join()) {
      throw new AssertionError(
        `expected ${this.#witness.name} to report ${String(source)} ${wanted[0] ?? 'not at all'}; it printed ${lines.join(' | ') || 'no line'}`,
        { actual: seen.join() || 'no line', expected: wanted.join() || 'no line', showDiff: true },
      );
    }
    this.note(state, state === 'CLOSED' ? await this.#listenerLines(local) : lines);
  }

  /** What shows that a connection is gone: the listener is listed on its port, and it is not. */
  async #listenerLines(local: Endpoint): Promise<string[]> {
    const lines = await this.#witness.lines(this.target.host.namespace, local, null);
    return lines.filter((line) => stateInLine(line) === 'LISTEN');
  }

  /** Evidence that was found otherwise. */
  note(actual: string, lines: readonly string[]): void {
    this.findings.actual = actual;
    this.findings.ss.push(...lines);
    this.trace.witness(this.#witness.name, lines);
  }

  /** What was measured, in one line. */
  conclude(actual: string): void {
    this.findings.actual = actual;
  }

  /** How long a synchronous act takes, until it has had its effect, microseconds. */
  timed(act: () => void): number {
    const startUs = nowUs();
    act();
    return nowUs() - startUs;
  }

  /** Checks that the server's port is in LISTEN. */
  async confirmListening(): Promise<void> {
    this.trace.state(
      'server',
      isListening(this.target.host, this.server, this.family) ? 'LISTEN' : 'CLOSED',
      'lookup',
    );
    const listening = await this.#listenerLines(this.server);
    this.findings.stimulus = 'none: the server has started';
    const found = this.trace.path('server').at(-1)?.state;
    if (found !== 'LISTEN' || listening.length === 0) {
      const printed = listening.join(' | ') || 'no such line';
      throw new AssertionError(
        `expected LISTEN at ${formatEndpoint(this.server)}; ${this.#witness.name} printed ${printed}`,
        {
          actual: found,
          expected: 'LISTEN',
          showDiff: true,
        },
      );
    }
    this.note('LISTEN', listening);
  }

  /** Waits until the server's application has accepted the connection: until then no process holds its socket. */
  async accepted(source: StateSource & { readonly tuple: Tuple }): Promise<void> {
    // Without sock_diag nobody can tell.
    if (this.target.host.sockets === null) return;
    const deadlineUs = nowUs() + ACCEPT_MS * 1000;
    while (!this.isOwned(source)) {
      if (nowUs() > deadlineUs) {
        this.inconclusive(`the server did not accept the connection within ${ACCEPT_MS} ms`);
      }
      await source.changed(1);
    }
  }

  /** Whether a process holds the server's socket: false for an orphan and for TIME_WAIT. */
  isOwned({ tuple }: { readonly tuple: Tuple }): boolean {
    return (findSocket(this.target.host, tuple)?.inode ?? 0) !== 0;
  }

  /** Stops the server's processes (SIGSTOP) until the case has ended, so that its application does nothing. */
  async pauseServer(): Promise<void> {
    const { process } = this.target;
    if (process === null) this.unsupported('its processes are not ours to stop');
    this.trace.step('SIGSTOP to the server');
    this.cleanup(() => process.resume());
    await process.pause();
  }

  /** Ends the server's processes (SIGKILL): its kernel closes what they held. It is started again after the case. */
  async endServer(): Promise<void> {
    const { process } = this.target;
    if (process === null)
      this.unsupported('nothing is known that makes it close, and its processes are not ours to end');
    this.trace.step('SIGKILL to the server');
    this.endedProcess = true;
    await process.kill();
  }
}

/** A server that works accepts a connection within this, ms. */
const ACCEPT_MS = 2000;

/** The first word of a line that is a state. */
export function stateInLine(line: string): State {
  for (const word of line.trim().split(/\s+/)) {
    const state = /^[A-Za-z]/.test(word) ? findState(word) : undefined;
    if (state !== undefined) return state;
  }
  throw new CloseWaitError('CW_OBSERVER', `no state in the line '${line}'`);
}
