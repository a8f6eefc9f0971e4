import { nowUs } from '#core';
import type { Counts, RunningTarget } from '#target';
import { STATES, type State } from '#tcp';

/** A server has this long to let go of what a case has left it with: many look once in a few seconds (lighttpd, squid). ms */
const GRACE_MS = 4000;

/** Allocators keep what they have had once: less growth than this, or than as much again, says nothing, KiB. */
const MEMORY_KIB = 64 * 1024;

/** States that end by themselves, or are meant to stay. */
const NO_LEAK: readonly State[] = ['LISTEN', 'TIME_WAIT', 'CLOSED'];

/**
 * What a target holds when it is at rest: nothing of the greeting that was just answered.
 * @param ours connections of our own that are counted with the target's
 */
export async function countAtRest(target: RunningTarget, ours = 0): Promise<Counts> {
  const deadline = nowUs() + GRACE_MS * 1000;
  for (let counts = 0; ; counts++) {
    const { sockets } = target.counts();
    const open = STATES.reduce(
      (sum, state) => sum + (NO_LEAK.includes(state) ? 0 : (sockets?.[state] ?? 0)),
      0,
    );
    if (open <= ours || nowUs() > deadline) return target.counts();
    await pause(counts);
  }
}

/**
 * What the target holds more than before, in words, once it has had its grace; empty: nothing; null: cannot be counted.
 * @param keptKib memory that it may keep besides
 * @param startKib what it held when it had just started: so much growth says nothing
 */
export async function findLeaks(
  target: RunningTarget,
  before: Counts,
  graceMs = GRACE_MS,
  keptKib = 0,
  startKib = before.memoryKib ?? 0,
): Promise<string[] | null> {
  const deadline = nowUs() + graceMs * 1000;
  for (let counts = 0; ; counts++) {
    const leaks = compare(before, target.counts(), keptKib + Math.max(MEMORY_KIB, startKib));
    if (leaks === null || leaks.length === 0 || nowUs() > deadline) return leaks;
    await pause(counts);
  }
}

function compare(before: Counts, now: Counts, allowedKib: number): string[] | null {
  if (now.fds === null && now.processes === null && now.sockets === null) return null;
  const leaks: string[] = [];
  const add = (what: string, earlier: number | null, later: number | null): void => {
    if (earlier !== null && later !== null && later > earlier)
      leaks.push(`${later - earlier} more ${what} (${later}, before ${earlier})`);
  };
  add('file descriptors', before.fds, now.fds);
  add('processes', before.processes, now.processes);
  const grownKib = (now.memoryKib ?? 0) - (before.memoryKib ?? 0);
  if (before.memoryKib !== null && grownKib > allowedKib)
    leaks.push(
      `${Math.round(grownKib / 1024)} MiB more memory (before ${Math.round(before.memoryKib / 1024)} MiB)`,
    );
  for (const state of STATES) {
    if (!NO_LEAK.includes(state))
      add(`sockets in ${state}`, before.sockets?.[state] ?? null, now.sockets?.[state] ?? null);
  }
  return leaks;
}

/** To count takes up to a millisecond, and other cases wait meanwhile: rarely once it lasts. ms */
const PAUSES_MS = [1, 1, 2, 2, 4, 8];
const LONGEST_PAUSE_MS = 16;

/** Nothing announces that another process has closed a descriptor: it is counted again a moment later. */
function pause(counts: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAUSES_MS[counts] ?? LONGEST_PAUSE_MS));
}
