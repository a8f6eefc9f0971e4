import type { Fault, Finding } from '#trace';
import { FaultError, VerdictError } from './judge.ts';

/** What a case has found out, and the ways in which it can end. */
export abstract class Findings {
  /** What was not as it must be, and the case went on. */
  readonly faults: Fault[] = [];
  /** What was learned, for the result. */
  readonly findings = { stimulus: '', actual: '', stateAfterUs: null as number | null, ss: [] as string[] };

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

  /** Something is not as it must be; the case goes on, and fails. One line, `the server ...`. */
  fault(finding: Finding, text: string): void {
    this.faults.push({ finding, text });
  }

  /** The same, and there is nothing more to see. Never returns. */
  fail(finding: Finding, text: string): never {
    throw new FaultError({ finding, text });
  }

  /** What was done to the server, in words, for the result. */
  stimulus(text: string): void {
    this.findings.stimulus = text;
  }

  /** What was measured, in one line. */
  conclude(actual: string): void {
    this.findings.actual = actual;
  }

  /**
   * Judges what was seen by what the target declares. Undeclared it is only reported, and the case ends there: call it last.
   * @param trait as configuration names it, `policy.halfClose`
   * @param seen one of the trait's values, or a word of its own for what no value means (`hang`)
   * @param detail what exactly was seen, in a few words
   */
  policy(trait: string, declared: string | undefined, seen: string, detail: string): void {
    this.conclude(`${seen}: ${detail}`);
    if (declared === undefined)
      throw new VerdictError('info', `${seen}: ${detail}; ${trait} is not declared`);
    if (declared !== seen)
      this.fault(
        'application',
        `the target declares ${trait} ${declared}, and what was seen is ${seen}: ${detail}`,
      );
  }

  /**
   * Judges a time by the bound that the target declares. Undeclared it is only reported, and the case ends there: call it last.
   * @param trait as configuration names it, `timeouts.idle`
   * @param boundMs 'never': it promises none, so that it may stay
   * @param tookMs null: it had not happened when the case gave up, `waitedMs` after its start
   * @param what what was to happen, `the connection is closed`
   */
  bound(
    trait: string,
    boundMs: number | 'never' | undefined,
    tookMs: number | null,
    what: string,
    waitedMs: number,
  ): void {
    const seen =
      tookMs === null
        ? `${what}: not within ${waitedMs.toFixed(0)} ms`
        : `${what} after ${tookMs.toFixed(0)} ms`;
    this.conclude(seen);
    if (boundMs === undefined) throw new VerdictError('info', `${seen}; ${trait} is not declared`);
    if (boundMs === 'never') return;
    if (tookMs === null ? waitedMs > boundMs : tookMs > boundMs + LATE_MS)
      this.fault('application', `the target declares ${trait} ${boundMs} ms, and what was seen is: ${seen}`);
  }
}

/** A time that a server declares is kept when it is late by no more than this: timers have a grain, machines are busy, ms. */
export const LATE_MS = 1000;
