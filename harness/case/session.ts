import { CloseWaitError, messageOf, nowUs } from '#core';
import { takeUnawaited } from '#expect';
import { closeToolShell, openToolShell } from '#observe';
import { startTarget, type Counts, type RunningTarget, type TargetDefinition } from '#target';
import type { Family } from '#tcp';
import { Trace, type CaseResult, type Finding } from '#trace';
import { countAtRest, findLeaks } from './aftermath.ts';
import { applicationOf } from './application.ts';
import type { BaseCase } from './base-case.ts';
import type { CaseOptions } from './contract.ts';
import type { Case } from './define.ts';
import { judge, worse, type Judgement } from './judge.ts';
import { findSpin } from './spin.ts';
import { Stall } from './stall.ts';
import { lastWords } from './last-words.ts';
import { LoopbackCase } from './loopback-case.ts';
import { oneLine } from './one-line.ts';
import { onlyGrew, tell, type Measured, type Outcome } from './outcome.ts';
import type { Place } from './place.ts';
import { refuse } from './refusal.ts';
import { WireCase } from './wire-case.ts';
import type { Witness } from './witness.ts';

/** A case that found something while this process could not look for so long has measured this process. ms */
const STALLED_MS = 100;
/** So often it is done again; the last verdict stands. */
const AGAIN = 2;

/** A server in its place, and one case after another on it. */
export class Session {
  readonly target: RunningTarget;
  readonly place: Place;
  readonly #witness: Witness;
  /** What it holds between cases; unknown after a start. */
  #atRest: Counts | undefined;
  #startKib: number | undefined;
  /** Even a connection that is closed in order leaves something behind. */
  #greetingLeaks = false;
  readonly #options: CaseOptions;
  /** The server has died, and could not be started again. */
  broken: unknown;

  private constructor(target: RunningTarget, place: Place, witness: Witness, options: CaseOptions) {
    this.target = target;
    this.place = place;
    this.#witness = witness;
    this.#options = options;
  }

  /** Starts the server. The place is the session's from here on. @throws CW_TARGET_* when it does not start */
  static async open(
    definition: TargetDefinition,
    place: Place,
    witness: Witness,
    options: CaseOptions,
  ): Promise<Session> {
    try {
      const target = await startTarget(definition, place.host, { dialTo: place.dialTo });
      if (place.wire !== null) openToolShell(place.host.namespace);
      return new Session(target, place, witness, options);
    } catch (error) {
      place.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    const { host, wire } = this.place;
    for (const { namespace } of [host, wire?.lab.client ?? host]) closeToolShell(namespace);
    await this.target.stop();
    this.place.close();
  }

  /** Runs one case. Never throws: whatever happens is a verdict. */
  async run(testCase: Case, family: Family): Promise<CaseResult> {
    const startUs = nowUs();
    const { target, place } = this;
    const { outcome, trace, waits } = await this.#measure(testCase, family);
    const { findings, told } = outcome;
    const { id, title, level, refs, expected } = testCase;
    const { verdict, reason, actual, faults } = outcome.judgement;
    return {
      id,
      title,
      level,
      refs,
      target: target.info.name,
      family,
      plane: place.plane,
      verdict,
      reason: oneLine(reason),
      expected,
      actual: actual ?? (findings?.actual === '' || findings === null ? '' : findings.actual),
      durationMs: (nowUs() - startUs) / 1000,
      stimulus: findings?.stimulus ?? '',
      stateAfterUs: findings?.stateAfterUs ?? null,
      states: told.states,
      faults: faults.map(({ finding, text }) => ({ finding, text: oneLine(text) })),
      application: told.events.length === 0 ? null : applicationOf(told.events),
      leaks: outcome.leaks,
      waits: [testCase.lasts?.why ?? [], waits].flat().join('; '),
      evidence: { ss: findings?.ss ?? [], pcapng: null, connection: trace.connection, trace: told.events },
    };
  }

  /** A case, until it could be measured. */
  async #measure(testCase: Case, family: Family): Promise<Measured> {
    const waits: string[] = [];
    for (let again = 0; ; again++) {
      const stall = new Stall();
      let trace = new Trace();
      let outcome = await this.#attempt(testCase, family, trace, true);
      if (outcome.mayBeFirstUse) {
        trace = new Trace();
        outcome = await this.#attempt(testCase, family, trace, false);
      }
      const stalledMs = stall.end();
      const isDoubtful =
        stalledMs > STALLED_MS && ['fail', 'inconclusive'].includes(outcome.judgement.verdict);
      if (!isDoubtful || again === AGAIN || this.broken !== undefined) return { outcome, trace, waits };
      waits.push(`done again, since closewait itself was kept waiting for ${stalledMs.toFixed(0)} ms`);
    }
  }

  /**
   * @param isFirst what a server opens when it does something for the first time (a log, a helper, its heap) is no leak: a case
   * that has found nothing else is done once more on the same server, where a leak shows again
   */
  async #attempt(testCase: Case, family: Family, trace: Trace, isFirst: boolean): Promise<Outcome> {
    const { definition } = testCase;
    const refusal = refuse(testCase, family, this.target, this.place);
    if (refusal !== null)
      return { judgement: refusal, findings: null, leaks: null, told: tell(trace), mayBeFirstUse: false };
    const pid = this.target.process?.pid;
    const base = { target: this.target, family, trace, witness: this.#witness, options: this.#options };
    let hands: BaseCase | undefined;
    let judgement: Judgement;
    try {
      await this.#greetFirst(family);
      if (this.place.wire !== null) {
        const t = (hands = new WireCase(base, this.place.wire));
        await definition.wire!(t);
      } else {
        const t = (hands = new LoopbackCase(base, this.place.backlogs[family] ?? null));
        await definition.loopback!(t);
      }
      const forgotten = takeUnawaited(hands.sources);
      if (forgotten.length > 0)
        throw new CloseWaitError('CW_UNAWAITED', `nobody awaited ${forgotten.join(' and ')}`);
      judgement = judge(undefined, hands.faults);
    } catch (error) {
      judgement = judge(error, hands?.faults);
    }
    const findings = hands?.findings ?? null;
    // What clearing up does to the connection is no part of the case, and not the same each time.
    const told = tell(trace);
    // What was counted is of a process in the place of which the case has put another one.
    if (this.target.process?.pid !== pid) this.#atRest = undefined;
    const after = await this.#aftermath(family, judgement, hands);
    const mayBeFirstUse = isFirst && onlyGrew(after.judgement.faults);
    // What a fault has done to the server is no part of the cases that follow.
    if (after.judgement.verdict === 'fail' && !mayBeFirstUse) await this.#startAnew();
    return { ...after, findings, told, mayBeFirstUse };
  }

  /**
   * The server answers before the case. The first time, twice: where the second greeting leaves something behind, each one
   * does, and no case is to be blamed for what greetings leave.
   */
  async #greetFirst(family: Family): Promise<void> {
    const { target } = this;
    await target.greet(family);
    if (this.#atRest !== undefined) {
      if (this.#greetingLeaks) this.#atRest = target.counts();
      return;
    }
    const before = await countAtRest(target, this.#fillers());
    this.#startKib = before.memoryKib ?? undefined;
    await target.greet(family);
    this.#greetingLeaks = ((await findLeaks(target, before)) ?? []).length > 0;
    this.#atRest = target.counts();
  }

  /** Our own connections to where the server dials: by their remote end they look like the server's. */
  #fillers(): number {
    const { dialTo } = this.target;
    return ([4, 6] as const).reduce(
      (sum, family) => sum + (dialTo[family] === undefined ? 0 : (this.place.backlogs[family]?.fillers ?? 0)),
      0,
    );
  }

  /** Is the server alive, does it answer, has it let go of everything? Each is a failure of its own. */
  async #aftermath(
    family: Family,
    judgement: Judgement,
    hands: BaseCase | undefined,
  ): Promise<Pick<Outcome, 'judgement' | 'leaks'>> {
    const { process } = this.target;
    const isDead = (): boolean => process !== null && process.exited !== null;
    const blame = (finding: Finding, text: string): Judgement => worse(judgement, { finding, text });
    let leaks: string[] | null = null;
    try {
      await hands?.end();
      if (!isDead() && this.#atRest !== undefined) {
        leaks = await findLeaks(this.target, this.#atRest, undefined, hands?.keptKib, this.#startKib);
        const spin = await findSpin(this.target);
        if (spin !== null) leaks = [...(leaks ?? []), spin];
      }
      await this.target.greet(family);
    } catch (error) {
      // That it has died is told below, and may be noticed only when it does not answer.
      if (!isDead()) return { judgement: blame('application', `afterwards: ${messageOf(error)}`), leaks };
    }
    if (process !== null && process.exited !== null) {
      const { code, signal } = process.exited;
      const log = lastWords(process.logTail(30));
      await this.#startAnew();
      if (hands?.endedProcess === true) return { judgement, leaks: [] };
      const how = signal ?? `exit code ${code}`;
      return { judgement: blame('application', `the server died (${how}): ${log.join(' | ')}`), leaks: null };
    }
    // What a sound server may keep is not counted against the next case either.
    if (hands !== undefined && hands.keptKib > 0) this.#atRest = this.target.counts();
    if (leaks === null || leaks.length === 0) return { judgement, leaks };
    // Of a server that is not ours to start anew, what one case has leaked is not counted against the next.
    this.#atRest = this.target.counts();
    return { judgement: blame('leaks', `it leaks: ${leaks.join(', ')}`), leaks };
  }

  async #startAnew(): Promise<void> {
    const { process } = this.target;
    if (process === null) return;
    this.#atRest = undefined;
    try {
      await process.restart();
    } catch (error) {
      this.broken = error;
    }
  }
}
