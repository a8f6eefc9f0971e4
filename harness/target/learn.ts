import { CloseWaitError } from '#core';
import { closeHub, closePremises, enterUserNamespace } from '#lab';
import type { Family } from '#tcp';
import type { Plane, TargetInfo } from '#trace';
import type { TargetDefinition, Traits } from './contract.ts';
import type { DeclaredValue } from './declared.ts';
import { learnBody, learnHead } from './learn-drip.ts';
import { learnBacklog, learnDeferredAccept, learnDrain } from './learn-process.ts';
import { learnHalfClose, learnHalfCloseSlow, learnIdleFin } from './learn-half-close.ts';
import { learnFinWait2, learnIdle, learnWrite } from './learn-timeouts.ts';
import { learnUnreadData } from './learn-unread-data.ts';
import type { RunningTarget } from './running.ts';
import { tryTarget } from './trial.ts';

/** What was tried of one trait. */
export interface Finding {
  /** As `--trait` and {@link Traits} name it. */
  readonly name: string;
  /** What the trait would be; null: it could not be learned. */
  readonly value: DeclaredValue | boolean | null;
  /** What was seen, or why it could not be tried. */
  readonly seen: string;
  readonly tried: boolean;
  /** Of a time: what was measured, ms; null: it had not happened after `waitedMs`. */
  readonly measuredMs?: number | null;
  readonly waitedMs?: number;
}

export interface Learned {
  readonly target: TargetInfo;
  /** What was known before: declared, or found out at the start. */
  readonly traits: Traits;
  readonly findings: readonly Finding[];
}

export interface LearnOptions {
  readonly plane: Plane | 'auto';
  /** The longest that is waited for one thing, ms. */
  readonly waitMs: number;
}

/** Learns the traits of a server by trying. @throws CW_PLANE, CW_TARGET_* when it does not start */
export type LearnTraits = (definition: TargetDefinition, options: LearnOptions) => Promise<Learned>;

/** What a trial works with: a server that answers, and nobody else's. */
export interface Trial {
  readonly target: RunningTarget;
  readonly family: Family;
  readonly waitMs: number;
}

/** Those that take no time, on one server. */
const QUICK = [learnBacklog, learnDeferredAccept, learnHalfClose];
/** Those that may take as long as is waited: each has a server of its own. */
const LONG = [
  learnHalfCloseSlow,
  learnIdleFin,
  learnUnreadData,
  learnIdle,
  learnHead,
  learnBody,
  learnWrite,
  learnFinWait2,
  learnDrain,
];
/** Servers at a time. */
const SERVERS = 6;

export const learnTraits: LearnTraits = async (definition, { plane: wanted, waitMs }) => {
  const plane = await choosePlane(definition, wanted);
  const on = <T>(work: (trial: Trial) => Promise<T>): Promise<T> =>
    tryTarget(definition, plane, (target) => work({ target, family: target.families[0]!, waitMs }));
  try {
    const { target, traits, quick } = await on(async (trial) => {
      const found: Finding[] = [];
      for (const learn of QUICK) found.push(...(await learn(trial)));
      return { target: trial.target.info, traits: trial.target.traits, quick: found };
    });
    const long: Finding[][] = [];
    const queue = LONG.map((learn, at) => async () => {
      long[at] = await on(learn);
    });
    const worker = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) await next();
    };
    // What one trial leaves on a server that is not ours could be taken for another's.
    const workers = 'address' in definition ? 1 : SERVERS;
    await Promise.all(Array.from({ length: workers }, worker));
    return { target, traits, findings: [...quick, ...long.flat()] };
  } finally {
    closeHub();
    closePremises();
  }
};

async function choosePlane(definition: TargetDefinition, wanted: Plane | 'auto'): Promise<Plane> {
  if (wanted === 'loopback' || ('address' in definition && wanted === 'auto')) return 'loopback';
  const privilege = await enterUserNamespace();
  if (privilege.ok) return 'wire';
  if (wanted === 'auto') return 'loopback';
  const { reason, remedy } = privilege;
  throw new CloseWaitError('CW_PLANE', `the wire cannot be had: ${reason}`, { remedy });
}
