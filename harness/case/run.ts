import { CloseWaitError, nowUs, random, VERSION } from '#core';
import { closeHub, closePremises, enterUserNamespace } from '#lab';
import { summarize, type CaseResult, type Plane, type RunResult } from '#trace';
import type { RunListener, RunPlan } from './contract.ts';
import type { Case } from './define.ts';
import { describeEnvironment } from './environment.ts';
import { runInLanes } from './lanes.ts';
import { openPlace } from './place.ts';
import { TargetRun, type Item } from './target-run.ts';
import { chooseWitness } from './witness.ts';

/** The most labs at a time: most cases wait for timers, which costs nothing. */
const LANES = 16;
/** What a case takes that does not say, ms. */
const USUAL_MS = 60;

/**
 * Runs a plan: target after target, the cases of each side by side in labs and on servers of their own, the longest first.
 * As an ordinary user this re-executes the whole command in a user namespace first.
 * @throws CW_PLANE when the plane that was asked for cannot be had, CW_TARGET_* when the only target does not start
 */
export async function runCases(plan: RunPlan, listener: RunListener): Promise<RunResult> {
  const { plane, reason } = await choosePlane(plan);
  const startUs = nowUs();
  const startedAt = new Date().toISOString();
  const witness = chooseWitness();
  const seeded = random(plan.seed);
  try {
    const probe = openPlace(plane, seeded.fork('environment'));
    const environment = describeEnvironment(probe, reason, witness.version);
    probe.close();
    listener.runStarted?.({ environment, total: plan.targets.length * itemsOf(plan).length });
    const run = { plan, plane, random: seeded, witness, listener, severalTargets: plan.targets.length > 1 };
    const done = plan.targets.map((target) => new TargetRun(run, target, itemsOf(plan)));
    await runInLanes(done, { lanes: LANES, isAborted: () => plan.signal?.aborted === true });
    const cases = done.flatMap(({ items, results }) => inOrder(items, results));
    const targets = done.map(({ info }) => info);
    return {
      schema: 'closewait.run/1',
      tool: { name: 'closewait', version: VERSION },
      target: targets.length === 1 ? targets[0]! : null,
      targets,
      environment,
      seed: plan.seed,
      startedAt,
      durationMs: (nowUs() - startUs) / 1000,
      cases,
      summary: summarize(cases),
    };
  } finally {
    closeHub();
    closePremises();
  }
}

/** The wire where it can be had, unless loopback is asked for or the server is there already. @throws CW_PLANE */
async function choosePlane({ plane: wanted, targets }: RunPlan): Promise<{ plane: Plane; reason: string }> {
  if (wanted === 'loopback') return { plane: 'loopback', reason: '' };
  if (targets.some((target) => 'address' in target)) {
    const reason = 'a server that runs already cannot be moved into a lab';
    if (wanted === 'wire')
      throw new CloseWaitError('CW_PLANE', reason, { remedy: 'start it with --exec, or leave out --plane' });
    return { plane: 'loopback', reason: `${reason}; start it with --exec to have the wire` };
  }
  const privilege = await enterUserNamespace();
  if (privilege.ok) return { plane: 'wire', reason: '' };
  const { reason, remedy } = privilege;
  if (wanted === 'wire')
    throw new CloseWaitError('CW_PLANE', `the wire cannot be had: ${reason}`, { remedy });
  return { plane: 'loopback', reason: `${reason}; ${remedy}` };
}

/** Every case on every family on which it says something of its own, in the order of reports. */
export function itemsOf({ cases, families }: Pick<RunPlan, 'cases' | 'families'>): Item[] {
  // The runner was handed what `defineCase` made: the plan's readers need no more than CaseInfo.
  return (cases as readonly Case[]).flatMap((testCase) =>
    (testCase.definition.eitherFamily === true ? families.slice(0, 1) : families).map((family) => ({
      testCase,
      family,
      estimateMs: testCase.lasts?.ms ?? USUAL_MS,
    })),
  );
}

/** Results in the order of reports, whenever they came. */
function inOrder(items: readonly Item[], results: readonly CaseResult[]): CaseResult[] {
  const places = new Map(items.map(({ testCase, family }, index) => [`${testCase.id} ${family}`, index]));
  const place = ({ id, family }: CaseResult): number => places.get(`${id} ${family}`) ?? 0;
  return [...results].sort((a, b) => place(a) - place(b));
}
