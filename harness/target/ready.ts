import type { Ready } from './contract.ts';
import { reachable } from './greet.ts';
import { covers, listenersOf, listListeners } from './listeners.ts';
import { exitedEarly, isLoopback, notReachable, type Attempt } from './start-errors.ts';
import { within } from './within.ts';

/** A server that listens on its port, but on a loopback address alone, may have more to open: for so long it is given, ms. */
const LOOPBACK_ALONE_MS = 1000;

/**
 * Waits until a server that was started is ready.
 * @throws CW_TARGET_START, CW_TARGET_COMMAND when it ends, or is not ready in time
 */
export async function waitUntilReady(attempt: Attempt, ready: Ready, startMs: number): Promise<void> {
  const { life } = attempt;
  const start = performance.now();
  for (;;) {
    if (life.exited !== null) throw exitedEarly(attempt, await life.died);
    if (await isReady(attempt, ready)) return;
    const elapsed = performance.now() - start;
    if (elapsed > startMs) throw notReachable(attempt, `within ${startMs / 1000} s`);
    if (elapsed > LOOPBACK_ALONE_MS && isOnLoopbackAlone(attempt)) {
      throw notReachable(attempt, 'in a network of its own');
    }
    // There is no event for "listens": looked at often at first, when most servers become ready.
    await within(life.died, Math.min(20, 1 + elapsed / 50));
  }
}

async function isReady({ life, host, endpoints, definition }: Attempt, ready: Ready): Promise<boolean> {
  if (typeof ready === 'object' && !ready.log.test(life.log.text)) return false;
  const listeners = ready === 'tcp' ? null : listListeners(host);
  const states =
    listeners === null
      ? await Promise.all(endpoints.map((endpoint) => reachable(host, endpoint)))
      : endpoints.map((endpoint) => listeners.some((listener) => covers(listener, endpoint)));
  return definition.anyFamily === true ? states.includes(true) : !states.includes(false);
}

/** Whether it listens on its port where the wire cannot reach it. */
function isOnLoopbackAlone({ host, life, endpoints }: Attempt): boolean {
  if (host.link === null) return false;
  const onPort = (listenersOf(host, life.pids()) ?? []).filter(({ port }) => port === endpoints[0]!.port);
  return onPort.length > 0 && onPort.every(({ address }) => isLoopback(address));
}
