import type { Context } from 'mocha';
import { random } from '#core';
import { closeHub, closePremises, labPrivilege } from '#lab';
import { takeUnawaited } from '#expect';
import type { TargetDefinition } from '#target';
import type { CaseResult, Plane } from '#trace';
import type { KnownFailure } from './contract.ts';
import { onCaseDefined } from './define.ts';
import { runInLanes } from './lanes.ts';
import { itemsOf } from './run.ts';
import { TargetRun, type Item } from './target-run.ts';
import { chooseWitness } from './witness.ts';

export interface MochaOptions {
  /** Left out: the wire where this process may make namespaces, else loopback. */
  readonly plane?: Plane;
  /** Cases that wait for long timers too. */
  readonly slow: boolean;
  /** Failures that are no failures of the tests. */
  readonly known?: readonly KnownFailure[];
}

const SEED = 1;

/** Cases have deadlines of their own; this one only ends what hangs, ms. */
const HANGS_MS = 120_000;

/** Labs at a time. */
const LANES = 16;

/** One target's cases, and who waits for their results. */
class MochaTarget {
  readonly #definition: TargetDefinition;
  readonly #options: MochaOptions;
  readonly #items: Item[] = [];
  readonly #results = new Map<string, CaseResult>();
  readonly #waiting = new Map<string, (result: CaseResult) => void>();

  constructor(definition: TargetDefinition, options: MochaOptions) {
    this.#definition = definition;
    this.#options = options;
  }

  add(item: Item): void {
    this.#items.push(item);
  }

  /** What is to be run for it: all its cases, or the one that is picked. */
  job(items: readonly Item[] = this.#items): TargetRun {
    const { plane, slow, known = [] } = this.#options;
    const listener = {
      caseEnded: (result: CaseResult): void => {
        const key = `${result.id} ${result.family}`;
        this.#results.set(key, result);
        this.#waiting.get(key)?.(result);
      },
    };
    const run = {
      plan: { repeat: 1, slow, known, seed: SEED },
      plane: plane ?? (labPrivilege().ok ? ('wire' as const) : ('loopback' as const)),
      random: random(SEED),
      witness: chooseWitness(),
      listener,
      severalTargets: false,
    };
    return new TargetRun(run, this.#definition, items);
  }

  /** @throws what kept the run from its end, such as a server that does not start */
  result(item: Item, running: Promise<void>): Promise<CaseResult> {
    const found = this.#results.get(keyOf(item));
    if (found !== undefined) return Promise.resolve(found);
    const told = new Promise<CaseResult>((resolve) => this.#waiting.set(keyOf(item), resolve));
    return Promise.race([told, running.then(() => told)]);
  }
}

function keyOf({ testCase, family }: Item): string {
  return `${testCase.id} ${family}`;
}

function runAll(jobs: readonly TargetRun[]): Promise<void> {
  return runInLanes(jobs, { lanes: LANES, isAborted: () => false });
}

function isPicked(): boolean {
  return process.argv.some((arg) => /^(-g|-f|--f?grep)(=|$)/.test(arg));
}

/**
 * Makes mocha tests of the case files that mocha loads: a suite a case, a test for each target and family; what a target
 * does not declare is not asked of it. Give the result to mocha as its root hooks: they fail a test that forgot to await an
 * assertion, and clear up.
 */
export function mochaHooksFor(targets: readonly TargetDefinition[], options: MochaOptions) {
  const runs = new Map(targets.map((target) => [target, new MochaTarget(target, options)]));
  let running: Promise<void> | undefined;
  // All run side by side as soon as the first result is asked for; where a few are picked out, only these are run.
  const start = (run: MochaTarget, item: Item): Promise<void> => {
    if (isPicked()) return runAll([run.job([item])]);
    const installed = [...runs].filter(([target]) => target.find() !== null);
    running ??= runAll(installed.map(([, one]) => one.job()));
    // Who waits for a result is told; nobody may be.
    running.catch(() => undefined);
    return running;
  };
  onCaseDefined((testCase) => {
    if (testCase.slow && !options.slow) return;
    const { needs = [] } = testCase.definition;
    describe(`${testCase.id}: ${testCase.title}`, () => {
      for (const [target, run] of runs) {
        if (needs.some((need) => target.traits[need] === undefined)) continue;
        for (const item of itemsOf({ cases: [testCase], families: [4, 6] })) {
          run.add(item);
          it(`${target.name}, IPv${item.family}`, async function () {
            this.timeout(HANGS_MS);
            if (target.find() === null) skip(this, `not installed; ${target.install}`);
            tell(this, await run.result(item, start(run, item)));
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
    afterAll() {
      closeHub();
      closePremises();
    },
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
