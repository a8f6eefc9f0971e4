import type { Socket } from 'node:net';
import { AssertionError } from 'chai';
import { breathe, CloseWaitError, messageOf, nowUs } from '#core';
import { expect } from '#expect';
import type { Host } from '#lab';
import { findState, formatEndpoint, type Endpoint, type Family, type State, type Tuple } from '#tcp';
import {
  connectWithin,
  exchange,
  hangUp,
  type Answer,
  type Exchange,
  type RunningTarget,
  type Traits,
} from '#target';
import type { StateSource, Trace } from '#trace';
import { findSocket, isListening } from '#wire';
import type { CaseOptions } from './contract.ts';
import { Findings } from './findings.ts';
import { findSpin } from './spin.ts';
import type { Witness } from './witness.ts';

export interface BaseOptions {
  readonly target: RunningTarget;
  readonly family: Family;
  readonly trace: Trace;
  readonly witness: Witness;
  readonly options: CaseOptions;
}

/** What a case has in hand on either plane. */
export abstract class BaseCase extends Findings {
  readonly target: RunningTarget;
  readonly family: Family;
  readonly trace: Trace;
  readonly options: CaseOptions;
  /** Where the server listens. */
  readonly server: Endpoint;
  readonly #witness: Witness;
  readonly #cleanups: (() => void | Promise<void>)[] = [];
  /** Connections that assertions are made about. */
  readonly sources: StateSource[] = [];
  /** The case itself has ended the server's process: that it is gone is no finding. */
  endedProcess = false;
  /** Of what it has had the server hold, a sound one may keep so much: garbage that nobody has collected yet, KiB. */
  keptKib = 0;
  constructor({ target, family, trace, witness, options }: BaseOptions) {
    super();
    this.options = options;
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
    for (const undo of this.#cleanups.toReversed()) {
      await undo();
      await breathe();
    }
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
    const lines = await this.witnessed(source, state);
    this.note(state, state === 'CLOSED' ? await this.listenerLines(source.tuple.local) : lines);
  }

  /** Checks a state by a lookup and by the witness. @param host whose socket it is @returns the witness's lines */
  protected async witnessed(
    source: StateSource & { readonly tuple: Tuple },
    state: State,
    host: Host = this.target.host,
  ): Promise<string[]> {
    expect(source).to.be.in.state(state);
    const { local, remote } = source.tuple;
    const lines = await this.#witness.lines(host.namespace, local, remote);
    const seen = lines.map(stateInLine);
    const wanted = state === 'CLOSED' ? [] : [state];
    if (seen.join() !== wanted.join()) {
      throw new AssertionError(
        `expected ${this.#witness.name} to report ${String(source)} ${wanted[0] ?? 'not at all'}; it printed ${lines.join(' | ') || 'no line'}`,
        { actual: seen.join() || 'no line', expected: wanted.join() || 'no line', showDiff: true },
      );
    }
    return lines;
  }

  /** The witness's lines of the server's listeners: evidence of their queues, and, where a connection is not listed, that it is gone. */
  async listenerLines(local: Endpoint = this.server): Promise<string[]> {
    const lines = await this.#witness.lines(this.target.host.namespace, local, null);
    return lines.filter((line) => stateInLine(line) === 'LISTEN');
  }

  /** Evidence that was found otherwise. */
  note(actual: string, lines: readonly string[]): void {
    this.findings.actual = actual;
    this.findings.ss.push(...lines);
    this.trace.witness(this.#witness.name, lines);
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
    const listening = await this.listenerLines(this.server);
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

  /** A trait that the case names in its `needs`. */
  trait<Name extends keyof Traits>(name: Name): NonNullable<Traits[Name]> {
    const value = this.target.traits[name];
    if (value === undefined) this.unsupported(`it needs traits.${name}, which the target does not declare`);
    return value;
  }

  /** How long to wait for the server to do something that has no time of its own, ms. */
  get patienceMs(): number {
    return this.options.caseTimeoutMs ?? PATIENCE_MS;
  }

  /**
   * Another client is served now, while the case is under way. What keeps it from that is a fault of the application.
   * @param why what the server is busy with, for the message: `while a client is silent`
   * @returns how long it took, ms
   */
  async othersServed(why: string): Promise<number> {
    const startUs = nowUs();
    await this.target.greet(this.family).catch((error: unknown) => {
      if (this.target.process !== null && this.target.process.exited !== null) throw error;
      this.fault('application', `others are not served ${why}: ${messageOf(error)}`);
    });
    this.trace.application('server', `answers another client ${why}`);
    return (nowUs() - startUs) / 1000;
  }

  /** A kernel client on the server's own host; null: nobody accepts. Reset when the case ends. */
  async kernelClient(): Promise<Socket | null> {
    const socket = await connectWithin(this.target.host, this.server);
    if (socket !== null) this.cleanup(() => void (socket.destroyed || socket.resetAndDestroy()));
    return socket;
  }

  /** An exchange on a connection of its own. */
  async ask(what: Exchange, withinMs = this.patienceMs): Promise<Answer> {
    const socket = await this.kernelClient();
    if (socket === null) return { received: '', ended: 'error', code: 'ECONNREFUSED' };
    const answer = await exchange(socket, what, withinMs);
    await hangUp(socket);
    return answer;
  }

  /** No thread of the server works without a pause now, when it has nothing to do: call it while the case holds a state. */
  async rests(why: string, restlessMs?: number): Promise<void> {
    const spin = await findSpin(this.target, restlessMs);
    if (spin !== null) this.fault('leaks', `the server spins ${why}: ${spin}`);
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

/** What a server does at once, it does within this, however busy the machine, ms. */
const PATIENCE_MS = 5000;

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
