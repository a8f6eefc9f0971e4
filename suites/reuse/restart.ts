import { Trace, type Peer, type WireCase } from '#case';
import type { State } from '#tcp';

/** Both ways in which servers are ended: nothing can be done about the first, the second is asked for by supervisors. */
const ENDINGS = ['SIGKILL', 'SIGTERM'] as const;
type Ending = (typeof ENDINGS)[number];

/** After SIGTERM a server may wait for its clients; it is killed after so much, ms. */
const TERM_MS = 1500;

/** How restarts last: for `lasts` of a case. */
export const TWO_RESTARTS = { ms: 600, why: 'the server is ended and started again, twice' } as const;

/**
 * Brings a connection into the state that the case is about, and calls `end`, once: the process is gone when that resolves.
 * Some states are there before it, some come of it.
 */
export type Bring = (peer: Peer, end: () => Promise<void>) => Promise<void>;

/**
 * For each way of ending a server: a connection is left on its port, and it is started again while what is left of that is
 * still there. It binds and serves.
 */
export async function restartOver(t: WireCase, bring: Bring): Promise<void> {
  if (t.target.process === null) return t.unsupported('its process is not ours to start again');
  const told: string[] = [];
  let bound = 0;
  for (const ending of ENDINGS) {
    const peer = t.peer(ending === 'SIGKILL' ? {} : { trace: new Trace() });
    await peer.connect();
    if (!(await t.greets(peer))) t.fail('application', 'the server does not answer its greeting');
    // The answer, which is to be no part of what is left.
    peer.ack();
    let how: string = ending;
    await bring(peer, async () => {
      how = await endProcess(t, ending);
    });
    const left = peer.state();
    const seen = await servesOver(t, peer, how);
    if (left !== 'CLOSED') bound += 1;
    told.push(`${how}: ${left} left, ${seen}`);
    peer.close();
  }
  t.conclude(told.join('; '));
  if (bound === 0) t.inconclusive(`nothing was left on the port: ${told.join('; ')}`);
}

/**
 * Starts the server again. That it cannot is a fault; `clear` takes away what is left then, for the cases that follow.
 * @param over what is left on the port, for the message
 */
export async function startAgain(t: WireCase, over: string, clear: () => void): Promise<boolean> {
  const process = t.target.process!;
  t.trace.step('the server is started again');
  try {
    await process.restart();
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    t.fault('application', `the server cannot be started again over ${over}: ${reason}`);
    clear();
    await process.restart();
    return false;
  } finally {
    t.endedProcess = false;
  }
}

/** @returns what was seen, in words */
async function servesOver(t: WireCase, peer: Peer, how: string): Promise<string> {
  const left = peer.state();
  const over = `a socket in ${left} after ${how}`;
  if (!(await startAgain(t, over, () => peer.close()))) return 'it could not be started';
  const now = peer.state('the server was started again');
  const next = t.peer({ trace: new Trace() });
  await next.connect();
  if (!(await t.greets(next)))
    t.fault('application', `started again over ${over}, the server does not answer`);
  return `started and serving${now === left ? ' over it' : `, by then ${now}`}`;
}

/** Ends the server's processes. @returns how, in words */
async function endProcess(t: WireCase, ending: Ending): Promise<string> {
  const process = t.target.process!;
  t.trace.step(`${ending} to the server`);
  t.endedProcess = true;
  let how: string = ending;
  if (ending === 'SIGTERM') {
    process.signal('SIGTERM');
    const outlived = `SIGTERM, and SIGKILL ${TERM_MS / 1000} s later`;
    // One that is stopped gets the signal when it goes on; it may have ended by then.
    await process.resume().catch(() => undefined);
    const patience = new Promise<string>((resolve) => setTimeout(() => resolve(outlived), TERM_MS));
    how = await Promise.race([process.died.then(() => ending), patience]);
  }
  await process.kill();
  return how;
}

/**
 * The server closes first, by itself where it is known how, else by the end of its process; then the client does what leads
 * to the state.
 */
export function serverClosesFirst(t: WireCase, state: State, act: (peer: Peer) => void): Bring {
  return async (peer, end) => {
    const how = t.target.traits.closesFirst;
    if (how === undefined) await end();
    else peer.data(how.send);
    const { end: closed } = await peer.outcome(t.patienceMs);
    if (closed !== 'FIN') {
      if (how === undefined) return;
      t.fail('application', `the server does not close first: ${closed ?? 'nothing'} came`);
    }
    act(peer);
    await t.confirm(peer, state, 'the server closes first', 0);
    if (how !== undefined) await end();
  };
}
