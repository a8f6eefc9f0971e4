import { CloseWaitError, messageOf, type Random } from '#core';
import type { TargetDefinition } from '#target';
import type { Family } from '#tcp';
import { NOT_STARTED, type CaseResult, type Plane, type TargetInfo } from '#trace';
import type { RunListener, RunPlan } from './contract.ts';
import type { Case } from './define.ts';
import { applyKnown } from './known.ts';
import type { Job, Lane, Work } from './lanes.ts';
import { oneLine } from './one-line.ts';
import { openPlace } from './place.ts';
import { foldRepeats } from './repeats.ts';
import { Session } from './session.ts';
import type { Witness } from './witness.ts';

/** What one run works with. */
export interface Run {
  readonly plan: Pick<
    RunPlan,
    'repeat' | 'slow' | 'scale' | 'caseTimeoutMs' | 'seed' | 'proxy' | 'known' | 'signal'
  >;
  readonly plane: Plane;
  readonly random: Random;
  readonly witness: Witness;
  readonly listener: RunListener;
  /** One that does not start is its own failure then, and not that of the run. */
  readonly severalTargets: boolean;
}

/** One case on one family of one target. */
export interface Item extends Work {
  readonly testCase: Case;
  readonly family: Family;
}

/** The most lanes that one target has. */
const WIRE_LANES = 16;
const LOOPBACK_LANES = 4;
/** A server that takes longer to start is heavy: many of them at a time would leave no time for what is measured. ms */
const SLOW_START_MS = 150;
const FEW_LANES = 5;

/** One target's part of the run. */
export class TargetRun implements Job<Item> {
  readonly items: readonly Item[];
  maxLanes: number;
  readonly results: CaseResult[] = [];
  info: TargetInfo;
  readonly #run: Run;
  readonly #definition: TargetDefinition;
  #lanes = 0;

  constructor(run: Run, definition: TargetDefinition, items: readonly Item[]) {
    this.#run = run;
    this.items = items;
    this.#definition = definition;
    this.info = { name: definition.name, version: definition.find()?.version ?? '', command: [] };
    // A server that runs already is one: what one case leaves on it is not to be told from another's.
    this.maxLanes = 'address' in definition ? 1 : run.plane === 'wire' ? WIRE_LANES : LOOPBACK_LANES;
  }

  async openLane(): Promise<Lane<Item>> {
    const { plane, random: seeded, witness, plan, listener } = this.#run;
    const place = openPlace(plane, seeded.fork(`${this.#definition.name} ${this.#lanes}`));
    const session = await Session.open(this.#definition, place, witness, plan);
    if (this.#lanes++ === 0) {
      this.info = session.target.info;
      if (session.target.readyMs > SLOW_START_MS) this.maxLanes = Math.min(this.maxLanes, FEW_LANES);
      listener.targetReady?.(this.info, session.target.readyMs);
    }
    return {
      run: (item) => this.#runItem(session, item),
      get broken() {
        return session.broken !== undefined;
      },
      close: () => session.close(),
    };
  }

  async #runItem(session: Session, item: Item): Promise<void> {
    const { testCase, family } = item;
    const { plan, listener } = this.#run;
    listener.caseStarted?.(testCase.id, this.#definition.name, family);
    const seeded = this.#run.random.fork(`${testCase.id} ${family}`);
    session.place.wire?.begin(seeded, this.items.indexOf(item));
    const repeats: CaseResult[] = [];
    while (
      repeats.length < Math.max(1, plan.repeat) &&
      (repeats.length === 0 || plan.signal?.aborted !== true)
    )
      repeats.push(await session.run(testCase, family));
    this.#tell(foldRepeats(repeats));
  }

  onLost(items: readonly Item[], error: unknown): void {
    // One server that does not start is its own failure, not that of the servers beside it.
    if (!isTargetError(error) || (!this.#run.severalTargets && this.#lanes === 0)) throw error;
    for (const item of items) this.#tell(notStarted(this.#run, this.#definition, item, messageOf(error)));
  }

  #tell(judged: CaseResult): void {
    const result = applyKnown(judged, this.#run.plan.known ?? []);
    this.results.push(result);
    this.#run.listener.caseEnded?.(result);
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
    actual: NOT_STARTED,
    durationMs: 0,
    stimulus: '',
    stateAfterUs: null,
    states: { server: [], client: [] },
    faults: [{ finding: 'application', text: oneLine(reason) }],
    application: null,
    leaks: null,
    waits: '',
    evidence: { ss: [], pcapng: null, connection: null, trace: [] },
  };
}
