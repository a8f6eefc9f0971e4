import { setTimeout as delay } from 'node:timers/promises';
import { formatAddress, unmapAddress } from '#tcp';
import { exchange } from './exchange.ts';
import { connected, serverSocket, untried } from './learn-tools.ts';
import type { Finding, Trial } from './learn.ts';
import { covers } from './listeners.ts';

const LISTEN_MASK = 1 << 10;
/** The kernel's numbers for SYN_RCVD (include/net/tcp_states.h). */
const SYN_RECV: readonly number[] = [3, 12];
/** A connection that is not deferred is established at once, ms. */
const DEFERRED_MS = 50;
/** A request that was sent so long ago is under way, ms. */
const UNDER_WAY_MS = 200;

/** The backlog that it gave to listen(): what ss prints as Send-Q of a listener. */
export async function learnBacklog({ target, family }: Trial): Promise<Finding[]> {
  const endpoint = target.endpoint(family);
  const listener = ([4, 6] as const)
    .flatMap((each) => target.host.sockets?.dump(each, LISTEN_MASK) ?? [])
    .find(({ local, localPort }) =>
      covers({ address: unmapAddress(formatAddress(local)), port: localPort }, endpoint),
    );
  if (listener === undefined) return untried('backlog', 'its listener cannot be seen');
  return [{ name: 'backlog', value: listener.sendQueue, seen: 'Send-Q of its listener', tried: true }];
}

/** Whether a client that says nothing stays half-open (TCP_DEFER_ACCEPT). */
export async function learnDeferredAccept(trial: Trial): Promise<Finding[]> {
  return connected(trial, async (socket) => {
    await delay(DEFERRED_MS);
    const found = serverSocket(trial, socket);
    if (found === null || !SYN_RECV.includes(found.state)) return [];
    return [{ name: 'defersAccept', value: true, seen: 'a silent client stays in SYN_RCVD', tried: true }];
  });
}

/** What becomes of a request under way on SIGTERM. */
export async function learnDrain(trial: Trial): Promise<Finding[]> {
  const { process, traits } = trial.target;
  const { slow } = traits;
  if (process === null) return untried('drain', 'its process is not ours to end');
  if (slow === undefined) return untried('drain', 'no slow answer is known (--path slow=PATH)');
  return connected(trial, async (socket) => {
    const answer = exchange(socket, slow, slow.afterMs + trial.waitMs);
    await delay(UNDER_WAY_MS);
    process.signal('SIGTERM');
    const { ended, received, code } = await answer;
    if (ended === 'reply')
      return [
        { name: 'drain', value: 'drain', seen: 'SIGTERM: a request under way is answered', tried: true },
      ];
    const seen = `SIGTERM: ${received.length} bytes of the answer to a request under way, then ${code ?? (ended === 'closed' ? 'FIN' : 'silence')}`;
    return [{ name: 'drain', value: ended === 'deadline' ? null : 'reset', seen, tried: true }];
  });
}
