import type { Exchange, HalfClosePolicy, Reply } from './contract.ts';
import { closedByPeer, exchange } from './exchange.ts';
import { connected, greeted, requestOf, timeFinding, untried } from './learn-tools.ts';
import type { Finding, Trial } from './learn.ts';

/** How often a race is tried. */
const TIMES = 3;
/** A server that closes when its client does, and not by a time-out, has done it by then, ms. */
const AT_ONCE_MS = 1000;

/** Reads on to the end of the stream. */
const NEVER: Reply = { test: () => false, toString: () => 'the end' };

/** A request and FIN at once. */
export async function learnHalfClose(trial: Trial): Promise<Finding[]> {
  const request = requestOf(trial);
  if (request === undefined) return untried('halfClose', 'nothing is known that a client sends first');
  const dealt: Dealt[] = [];
  for (let time = 0; time < TIMES; time++) dealt.push(await halfClosed(trial, request, trial.waitMs));
  return [together('halfClose', dealt)];
}

/** The same with an answer that takes a second. */
export async function learnHalfCloseSlow(trial: Trial): Promise<Finding[]> {
  const { slow } = trial.target.traits;
  if (slow === undefined) return untried('halfCloseSlow', 'no slow answer is known (--path slow=PATH)');
  return [together('halfCloseSlow', [await halfClosed(trial, slow, slow.afterMs + trial.waitMs)])];
}

/** FIN on a connection on which nothing is under way. */
export async function learnIdleFin(trial: Trial): Promise<Finding[]> {
  return connected(trial, async (socket) => {
    if (!(await greeted(trial, socket)))
      return untried('idleFinMs', 'no request is known that leaves the connection open');
    const startedAt = performance.now();
    socket.end();
    const closed = await closedByPeer(socket, trial.waitMs);
    const tookMs = closed ? performance.now() - startedAt : null;
    const time = timeFinding('idleFinMs', tookMs, trial.waitMs, 'the server closed too');
    const closesToo = {
      name: 'closesOnFin',
      value: tookMs !== null && tookMs < AT_ONCE_MS,
      seen: time.seen,
      tried: true,
    };
    return [closesToo, time];
  });
}

interface Dealt {
  readonly manner: HalfClosePolicy | null;
  readonly detail: string;
}

function halfClosed(trial: Trial, { send, reply }: Exchange, waitMs: number): Promise<Dealt> {
  return connected(trial, async (socket) => {
    const answer = exchange(socket, { send, reply: NEVER }, waitMs);
    socket.end();
    const { received, ended, code } = await answer;
    const whole = reply.test(received);
    const came = whole ? 'the whole answer' : `${received.length} bytes`;
    if (ended === 'error') return { manner: 'reset', detail: `${came}, then ${code}` };
    if (ended !== 'closed')
      return { manner: null, detail: `${came}, and not closed within ${waitMs / 1000} s` };
    const manner = whole ? 'respond' : received === '' ? 'close' : 'error';
    return { manner, detail: `${came}, then FIN` };
  });
}

function together(name: string, dealt: readonly Dealt[]): Finding {
  const [first] = dealt;
  const details = [...new Set(dealt.map(({ detail }) => detail))];
  const same = dealt.every(({ manner }) => manner === first!.manner);
  const times = dealt.length > 1 && details.length === 1 ? `, ${dealt.length} times` : '';
  return { name, value: same ? first!.manner : null, seen: `${details.join(' or ')}${times}`, tried: true };
}
