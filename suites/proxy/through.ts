import { expect } from '#expect';
import type { BaseCase, CaseProxy, Client, Exchange, LoopbackCase, Outcome, Proxied, WireCase } from '#case';
import type { State } from '#tcp';

/** A case that is done with kernel sockets alone: it is the same on either plane. */
export function onBoth(run: (t: BaseCase) => Promise<void>): {
  wire: (t: WireCase) => Promise<void>;
  loopback: (t: LoopbackCase) => Promise<void>;
} {
  return { wire: run, loopback: run };
}

/** What a client asks, and is answered on a connection that then stays open. */
export function greetingOf(t: BaseCase): Exchange {
  const { greeting } = t.target;
  return greeting ?? t.unsupported('nothing is known that it answers');
}

/** The four ends of two connections come to these states; those that are left out may be in any. */
export async function reach(
  { ends }: Proxied,
  states: Partial<Record<keyof Proxied['ends'], State>>,
  withinMs: number,
): Promise<void> {
  for (const [end, state] of Object.entries(states) as [keyof Proxied['ends'], State][])
    await expect(ends[end]).to.reach(state).within(withinMs);
}

/** The same, of which the server's and the client's are confirmed by the witness, whose lines are the evidence. */
export async function confirmEnds(
  t: BaseCase,
  proxied: Proxied,
  states: Record<keyof Proxied['ends'], State>,
  stimulus: string,
): Promise<void> {
  await reach(proxied, states, t.patienceMs);
  await t.confirm(proxied.ends.client, states.client, stimulus, 0);
  await t.confirm(proxied.ends.server, states.server, stimulus, 0);
  t.trace.step(
    `the proxy's own sockets: ${states.front} towards the client, ${states.back} towards the server`,
  );
}

/** Asks, and reads until the answer is whole, the stream ends or the time is over. */
export async function ask(
  client: Client,
  { send, reply }: Pick<Exchange, 'send' | 'reply'>,
  withinMs: number,
): Promise<Pick<Outcome, 'bytes' | 'end'>> {
  try {
    if (send.length > 0) sendAll(client, send);
  } catch (error) {
    // It has ended already: what has come is still to be read.
    if (!['EPIPE', 'ECONNRESET'].includes((error as { errno?: string }).errno ?? '')) throw error;
  }
  return client.outcome(withinMs, (bytes) => reply.test(bytes.toString('latin1')));
}

/** What a kernel does not take at once comes to nothing: requests are small. */
export function sendAll(client: Client, bytes: string | Uint8Array): void {
  const sent = client.send(bytes);
  if (sent < bytes.length) throw new RangeError(`${sent} of ${bytes.length} bytes were taken`);
}

/** Fails unless a greeting through the proxy is answered. @returns how long it took, ms */
export async function served(t: BaseCase, proxy: CaseProxy, what: string): Promise<number> {
  const greeting = greetingOf(t);
  const { client } = await proxy.client();
  const beganMs = performance.now();
  const { bytes, end } = await ask(client, greeting, t.patienceMs);
  if (!greeting.reply.test(bytes.toString('latin1')))
    t.fail(
      'application',
      `${what}: ${bytes.length} bytes came, then ${end ?? 'silence'}, which is no answer`,
    );
  const tookMs = performance.now() - beganMs;
  client.reset();
  return tookMs;
}
