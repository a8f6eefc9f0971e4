import type { Peer, WireCase } from '#case';
import { Stillness } from './stillness.ts';

type Pattern = Parameters<Peer['expect']>[0];

/** How often it is looked whether the connection is gone: its application may close without a packet. ms */
const LOOK_EVERY_MS = 20;
/** What a server does at a time that it has declared is awaited for so much longer, ms. */
const GRACE_MS = 1200;

/** Times in milliseconds. */
export interface LettingGo {
  /** Until no process held the connection; null: one still did when the time was over. */
  readonly tookMs: number | null;
  /** When segments came that match the pattern. */
  readonly atMs: readonly number[];
  readonly waitedMs: number;
  readonly still: Stillness;
}

export interface Watch {
  /** From when on times are counted, on the case's timeline. */
  readonly sinceUs: number;
  readonly withinMs: number;
  /** Segments that are counted. */
  readonly pattern: Pattern;
  /** Called at each of them, and every few milliseconds. */
  readonly each?: (isMatch: boolean) => void;
}

/** Waits until the server's application has let go of a connection, and counts the segments that its kernel sends meanwhile. */
export async function watchLettingGo(
  t: WireCase,
  peer: Peer,
  { sinceUs, withinMs, pattern, each }: Watch,
): Promise<LettingGo> {
  const still = new Stillness(t);
  const passedMs = (): number => (t.trace.now() - sinceUs) / 1000;
  const atMs: number[] = [];
  for (;;) {
    const isGone = peer.state() !== 'ESTABLISHED' && !t.isOwned(peer);
    const waitedMs = passedMs();
    if (isGone || waitedMs - still.ms > withinMs)
      return { tookMs: isGone ? waitedMs : null, atMs, waitedMs, still };
    const look = peer.expect(pattern, LOOK_EVERY_MS).catch(() => null);
    const match = await still.during(LOOK_EVERY_MS, look);
    if (match !== null) atMs.push((t.trace.at(match.atUs) - sinceUs) / 1000);
    each?.(match !== null);
  }
}

/** How long to wait for what a server has declared to do after `declaredMs`. */
export function watchMs(t: WireCase, declaredMs: number | 'never' | undefined, neverMs: number): number {
  if (declaredMs === 'never') return neverMs;
  return declaredMs === undefined ? t.patienceMs : declaredMs + GRACE_MS;
}

/** `at 0.20, 0.61 s`; `none`. */
export function atSeconds(atMs: readonly number[]): string {
  return atMs.length === 0 ? 'none' : `at ${atMs.map((ms) => (ms / 1000).toFixed(2)).join(', ')} s`;
}
