import { CloseWaitError, messageOf, nowUs, random, VERSION, type Random } from '#core';
import { closeHub, closePremises, enterUserNamespace } from '#lab';
import type { TargetDefinition } from '#target';
import type { Family } from '#tcp';
import { summarize, type CaseResult, type Plane, type RunResult, type TargetInfo } from '#trace';
import type { RunListener, RunPlan } from './contract.ts';
import type { Case } from './define.ts';
import { describeEnvironment } from './environment.ts';
import { oneLine } from './one-line.ts';
import { openPlace } from './place.ts';
import { chooseWitness, type Witness } from './witness.ts';
import { foldRepeats } from './repeats.ts';
import { Session } from './session.ts';

/** What one run works with. */
interface Run {
  readonly plan: RunPlan;
  readonly plane: Plane;
  readonly random: Random;
  readonly witness: Witness;
  readonly listener: RunListener;
  readonly severalTargets: boolean;
}

/** One case on one family of one target. */
interface Item {
  readonly testCase: Case;
  readonly family: Family;
}

/**
 * Runs a plan: targets side by side, the cases of one target one after another, except those that want a server of their
 * own: these run beside the others. As an ordinary user this re-executes the whole command in a user namespace first.
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
    listener.runStarted?.({
      environment,
      total: plan.targets.length * plan.families.length * plan.cases.length,
    });
    const run = { plan, plane, random: seeded, witness, listener, severalTargets: plan.targets.length > 1 };
    const done = await Promise.all(plan.targets.map((target) => runTarget(run, target)));
    const cases = done.flatMap(({ results }) => results);
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

async function runTarget(
  run: Run,
  definition: TargetDefinition,
): Promise<{ info: TargetInfo; results: CaseResult[] }> {
  const { cases, families } = run.plan;
  // The runner was handed what `defineCase` made: the plan's readers need no more than CaseInfo.
  const items = (cases as readonly Case[]).flatMap((testCase) =>
    families.map((family) => ({ testCase, family })),
  );
  const own = items.filter(({ testCase }) => testCase.definition.ownServer === true);
  const shared = items.filter((item) => !own.includes(item));
  let info: TargetInfo = { name: definition.name, version: definition.find()?.version ?? '', command: [] };
  const ready = (session: Session): void => {
    info = session.target.info;
    run.listener.targetReady?.(info, session.target.readyMs);
  };
  const groups = await Promise.all([
    runOn(run, definition, 'shared', shared, ready),
    ...own.map((item, index) =>
      runOn(
        run,
        definition,
        `own ${index}`,
        [item],
        shared.length === 0 && index === 0 ? ready : () => undefined,
      ),
    ),
  ]);
  const order = new Map(items.map(({ testCase, family }, index) => [`${testCase.id} ${family}`, index]));
  const place = ({ id, family }: CaseResult): number => order.get(`${id} ${family}`) ?? 0;
  return { info, results: groups.flat().sort((a, b) => place(a) - place(b)) };
}

/** Cases one after another on one server. */
async function runOn(
  run: Run,
  definition: TargetDefinition,
  name: string,
  items: readonly Item[],
  ready: (session: Session) => void,
): Promise<CaseResult[]> {
  if (items.length === 0) return [];
  const { plan, listener } = run;
  const isAborted = (): boolean => plan.signal?.aborted === true;
  let session: Session;
  try {
    session = await Session.open(
      definition,
      openPlace(run.plane, run.random.fork(`${definition.name} ${name}`)),
      run.witness,
    );
  } catch (error) {
    if (!run.severalTargets || !isTargetError(error)) throw error;
    // One server that does not start is its own failure, not that of the servers beside it.
    return items.map((item) => {
      const result = notStarted(run, definition, item, messageOf(error));
      listener.caseEnded?.(result);
      return result;
    });
  }
  try {
    ready(session);
    const results: CaseResult[] = [];
    for (const { testCase, family } of items) {
      if (isAborted()) break;
      listener.caseStarted?.(testCase.id, definition.name, family);
      const repeats: CaseResult[] = [];
      while (repeats.length < Math.max(1, plan.repeat) && (repeats.length === 0 || !isAborted()))
        repeats.push(await session.run(testCase, family));
      const result = foldRepeats(repeats);
      results.push(result);
      listener.caseEnded?.(result);
    }
    return results;
  } finally {
    await session.close();
  }
}

function isTargetError(error: unknown): boolean {
  return error instanceof CloseWaitError && error.code.startsWith('CW_TARGET_');
}

function notStarted(
  { plane }: Run,
  { name }: TargetDefinition,
  { testCase, family }: Item,
  reason: string,
): CaseResult {
  const { id, title, level, refs, expected } = testCase;
  return {
    id,
    title,
    level,
    refs,
    target: name,
    family,
    plane,
    verdict: 'fail',
    reason: oneLine(reason),
    expected,
    actual: 'the server did not start',
    durationMs: 0,
    stimulus: '',
    stateAfterUs: null,
    states: { server: [], client: [] },
    application: null,
    leaks: null,
    evidence: { ss: [], pcapng: null, connection: null, trace: [] },
  };
}
