import type { Context } from 'mocha';
import { random } from '#core';
import { closeHub, closePremises, labPrivilege } from '#lab';
import { takeUnawaited } from '#expect';
import type { TargetDefinition } from '#target';
import type { Family } from '#tcp';
import type { CaseResult, Plane } from '#trace';
import { onCaseDefined, type Case } from './define.ts';
import { openPlace } from './place.ts';
import { Session } from './session.ts';
import { chooseWitness } from './witness.ts';

export interface MochaOptions {
  /** Left out: the wire where this process may make namespaces, else loopback. */
  readonly plane?: Plane;
  /** Cases that wait for long timers too. */
  readonly slow: boolean;
}

/** Cases have deadlines of their own; this one only ends what hangs, ms. */
const HANGS_MS = 120_000;

/** The cases of one mocha run, and the servers that they share. */
class MochaRun {
  readonly #plane: Plane;
  readonly #sessions = new Map<string, Promise<Session>>();

  constructor(plane: Plane | undefined) {
    this.#plane = plane ?? (labPrivilege().ok ? 'wire' : 'loopback');
  }

  async run(testCase: Case, target: TargetDefinition, family: Family): Promise<CaseResult> {
    if (testCase.definition.ownServer !== true) return (await this.#shared(target)).run(testCase, family);
    const session = await this.#open(target, testCase.id);
    try {
      return await session.run(testCase, family);
    } finally {
      await session.close();
    }
  }

  #shared(target: TargetDefinition): Promise<Session> {
    const session = this.#sessions.get(target.name) ?? this.#open(target, 'shared');
    this.#sessions.set(target.name, session);
    return session;
  }

  #open(target: TargetDefinition, name: string): Promise<Session> {
    return Session.open(
      target,
      openPlace(this.#plane, random(1).fork(`${target.name} ${name}`)),
      chooseWitness(),
    );
  }

  async close(): Promise<void> {
    for (const session of this.#sessions.values()) await (await session).close();
    closeHub();
    closePremises();
  }
}

/**
 * Makes mocha tests of the case files that mocha loads: a suite a case, a test for each target and family. Give the result
 * to mocha as its root hooks: they stop the servers, and fail a test that forgot to await an assertion.
 */
export function mochaHooksFor(targets: readonly TargetDefinition[], options: MochaOptions) {
  const run = new MochaRun(options.plane);
  onCaseDefined((testCase) => {
    if (testCase.slow && !options.slow) return;
    describe(`${testCase.id}: ${testCase.title}`, () => {
      for (const target of targets) {
        for (const family of [4, 6] as const) {
          it(`${target.name}, IPv${family}`, async function () {
            this.timeout(HANGS_MS);
            if (target.find() === null) skip(this, `not installed; ${target.install}`);
            tell(this, await run.run(testCase, target, family));
          });
        }
      }
    });
  });
  return {
    afterEach() {
      const forgotten = takeUnawaited();
      if (forgotten.length > 0) throw new Error(`nobody awaited ${forgotten.join(' and ')}`);
    },
    afterAll: () => run.close(),
  };
}

/** A verdict as mocha knows them. @throws what mocha shows as the failure */
function tell(test: Context, { verdict, reason, expected, actual, states, evidence }: CaseResult): void {
  if (verdict === 'skipped' || verdict === 'unsupported') skip(test, reason);
  if (verdict === 'pass' || verdict === 'info' || verdict === 'known') return;
  const path = states.server.map(({ state, cause }) => `${state} (${cause})`).join(' → ');
  const message = [
    `${verdict}: ${reason}`,
    `path: ${path}`,
    ...evidence.ss.map((line) => `ss: ${line}`),
  ].join('\n');
  throw Object.assign(new Error(message), { expected, actual, showDiff: true });
}

function skip(test: Context, reason: string): never {
  test.test!.title += ` (${reason})`;
  return test.skip();
}
