import type { Peer, WireCase } from '#case';
import { seqDiff } from '#tcp';

/** A peer among many: kept out of the case's timeline. */
export function quietPeer(t: WireCase): Peer {
  return t.peer({ trace: null });
}

/** A whole request, or what is left of it to send; nothing where the server speaks first. */
export function ask(t: WireCase, peer: Peer): void {
  const { send = '' } = t.target.greeting ?? {};
  const rest = send.slice(seqDiff(peer.sndNxt, peer.iss) - 1);
  if (rest.length > 0) peer.data(rest);
}

/** Connects, and asks: with data it is complete even where the listener defers accept. */
export async function connectAndAsk(t: WireCase, peer: Peer): Promise<void> {
  await peer.connect();
  ask(t, peer);
}

/**
 * Waits for the answers to what was asked before, on one connection after another; each is closed then, since some servers
 * serve one client at a time.
 * @returns those that were not answered within `withinMs` in all
 */
export async function unanswered(t: WireCase, peers: readonly Peer[], withinMs: number): Promise<Peer[]> {
  const { greeting } = t.target;
  const deadlineMs = performance.now() + withinMs;
  const lost: Peer[] = [];
  for (const peer of peers) {
    const leftMs = Math.max(0, deadlineMs - performance.now());
    const served =
      greeting === null ? await t.greets(peer, leftMs) : (await t.answer(peer, greeting, leftMs)).whole;
    if (!served) lost.push(peer);
    else if (peer.state() === 'ESTABLISHED') peer.fin();
  }
  return lost;
}

/** SIGCONT to a server that was stopped. That it dies of what it finds then shows in that nobody is served. */
export async function goOn(t: WireCase): Promise<void> {
  const process = t.target.process!;
  t.trace.step('SIGCONT to the server');
  await process.resume().catch((error: unknown) => {
    if (process.exited === null) throw error;
  });
}
