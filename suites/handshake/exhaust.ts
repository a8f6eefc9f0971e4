import { acceptQueue, type Peer, type WireCase } from '#case';
import { ask, quietPeer, unanswered } from './accept-queue.ts';

/** The clients of a server that has no descriptors left. */
export interface Exhaustion {
  /** Their connections were accepted, and are open. */
  readonly held: readonly Peer[];
  /** Theirs are in the accept queue. */
  readonly waiting: readonly Peer[];
  /** How many had theirs closed at once (what libuv does, so that the queue gets empty). */
  readonly turnedAway: number;
}

/** How many clients come when there are no descriptors left. */
const WAITING = 3;
/** Connections beyond which these do not use up the descriptors of a server. */
const MOST = 600;
/** A connection may need two at once: with one left there are none. */
const TWO = 2;
const DEATH_MS = 50;
/** What a server is going to accept at all it accepts within this, ms. */
const SETTLE_MS = 300;

/** Connects until the server can open no descriptor more. @param spare how many each of its processes could open at first */
export async function exhaust(
  t: WireCase,
  limits: { spare(): readonly number[] },
  spare: number,
): Promise<Exhaustion> {
  const held: Peer[] = [];
  const late: Peer[] = [];
  const room = Math.min(WAITING, acceptQueue(t).capacity);
  while (late.length < room) {
    if (held.length > MOST) return t.unsupported(`${MOST} connections do not use up its descriptors`);
    const peer = held.length + late.length === 0 ? t.peer() : quietPeer(t);
    await arrive(t, peer);
    await settle(t, peer, late.length === 0 ? SETTLE_MS : 0);
    if (await hasDied(t, peer))
      t.fail(
        'application',
        `the server died when it had ${held.length} connections and few descriptors left`,
      );
    (isHeld(t, peer) ? held : late).push(peer);
  }
  await settle(t, late.at(-1)!, SETTLE_MS);
  const left = limits.spare();
  const turnedAway = late.filter((peer) => !isOpen(peer)).length;
  // It may serve one after another, or have a process for each. Where one has ended for want of descriptors (Apache), others have some.
  if (turnedAway === 0 && held.length < spare && left.every((free) => free >= TWO))
    return t.unsupported(
      `it accepts ${held.length} connections at a time, and its processes have descriptors left (${left.join(', ')})`,
    );
  const waiting = late.filter((peer) => isOpen(peer) && !isHeld(t, peer));
  return {
    held: [...held, ...late].filter((peer) => isHeld(t, peer)),
    waiting,
    turnedAway,
  };
}

/** Whether all is as it was: who was accepted is connected, who waited waits. */
export function lasts(t: WireCase, { held, waiting }: Exhaustion): boolean {
  return held.every(isOpen) && waiting.every((peer) => isOpen(peer) && !isHeld(t, peer));
}

/** The end of a process is told a moment after its connections have gone. */
async function hasDied({ target }: WireCase, peer: Peer): Promise<boolean> {
  const { died } = target.process!;
  if (!isOpen(peer)) await Promise.race([died, new Promise((resolve) => setTimeout(resolve, DEATH_MS))]);
  return target.process!.exited !== null;
}

/** Has those that wait ask, and waits for their answers. @returns how many are not served */
export async function served(t: WireCase, waiting: readonly Peer[]): Promise<number> {
  const open = waiting.filter(isOpen);
  for (const peer of open) ask(t, peer);
  return waiting.length - open.length + (await unanswered(t, open, t.patienceMs)).length;
}

/** Connects; the first byte of a request completes the handshake where the listener defers accept. */
async function arrive(t: WireCase, peer: Peer): Promise<void> {
  await peer.connect();
  const { send = '' } = t.target.greeting ?? {};
  if (peer.state() === 'SYN_RCVD' && send.length > 0) peer.data(send.slice(0, 1));
}

/** Waits until the server has accepted the connection, or has closed it. */
async function settle(t: WireCase, peer: Peer, withinMs: number): Promise<void> {
  const deadlineMs = performance.now() + withinMs;
  while (!isHeld(t, peer) && isOpen(peer) && performance.now() < deadlineMs) await peer.changed(1);
}

function isHeld(t: WireCase, peer: Peer): boolean {
  return isOpen(peer) && t.isOwned(peer);
}

function isOpen(peer: Peer): boolean {
  const state = peer.state();
  return state === 'ESTABLISHED' || state === 'SYN_RCVD';
}
