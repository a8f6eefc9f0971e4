import { defineCase, type Exchange, type WireCase } from '#case';

/** The most that the server's kernel takes of an answer at a time, bytes. */
const SEND_BUFFER = '4096 16384 65536';
/** What the client takes at a time before it stalls, and after, bytes. */
const SMALL_WINDOW = 8192;
const WINDOW = 32 * 1024;
/** It stalls when it has so much, bytes. */
const STALLS_AT = 96 * 1024;
/** Several MiB on a busy machine take no longer, ms. */
const LONG_MS = 20_000;
/** A time-out of the server may fire so much before its time, ms. */
const EARLY_MS = 200;
const ATTEMPTS = 3;
/** So long it does not read: longer than it takes any server to notice the FIN. ms */
const STALL_MS = 300;

export default defineCase(import.meta.url, {
  title: 'A half-closed client reads a large answer slowly: whole, or not as if it were',
  level: 'robustness',
  refs: [
    {
      rfc: 9293,
      section: '3.6',
      quote:
        'The user who CLOSEs may continue to RECEIVE until the TCP receiver is told that the remote peer has CLOSED also.',
    },
    { issue: 'oven-sh/bun#35034' },
    { issue: 'golang/go#18527' },
    { issue: 'envoyproxy/envoy#2066' },
  ],
  steps: [
    'Let the kernel of the server buffer no more than 64 KiB of what it sends.',
    'Ask for a large answer, and send FIN; read some, stall for 300 ms with a closed window, read the rest.',
    'A server that does not answer half-closed clients is asked without FIN.',
  ],
  expected:
    'every byte of the answer, then FIN; never a clean FIN behind a part of it, nor something else in its place',
  why: 'What does not fit into the send buffer is in the hands of the application. One that closes when it sees the FIN, or after a time-out, loses it; behind a clean FIN the client cannot tell.',
  needs: ['large'],
  eitherFamily: true,
  lasts: { ms: 900, why: 'a client that stalls, and several MiB through a small window' },
  wire: async (t) => {
    const large = t.trait('large');
    const others = await t.ask(large, LONG_MS);
    t.sysctl('ipv4.tcp_wmem', SEND_BUFFER);
    t.stimulus('a request for a large answer and FIN, read slowly');
    const halfClosed = await fetchInTime(t, large, true);
    if (halfClosed.bytes.length === 0) {
      t.trace.step(`without an answer, then ${halfClosed.end ?? 'silence'}: asked again without FIN`);
      t.conclude(
        `half-closed: no byte of the answer; ${judge(t, large, await fetchInTime(t, large, false))}`,
      );
      return;
    }
    const told = judge(t, large, halfClosed);
    if (others.ended === 'reply') await compare(t, large, halfClosed.bytes, others.received);
    t.conclude(`half-closed: ${told}`);
  },
  loopbackLacks: 'it needs a client whose window it can choose',
});

interface Fetched {
  readonly bytes: Buffer;
  readonly end: 'FIN' | 'RST' | null;
}

/** A transfer that this busy machine made last longer than the server's own time-out says nothing: it is done again. */
async function fetchInTime(
  t: WireCase,
  large: Exchange & { bytes: number },
  halfCloses: boolean,
): Promise<Fetched> {
  const { write = Infinity } = t.target.traits.timeouts ?? {};
  for (let attempt = 1; ; attempt++) {
    const startUs = t.trace.now();
    const fetched = await fetch(t, large, halfCloses);
    const isWhole = large.reply.test(fetched.bytes.toString('latin1'));
    if (isWhole || t.trace.now() - startUs < (write - EARLY_MS) * 1000) return fetched;
    if (attempt === ATTEMPTS)
      t.inconclusive(
        `the transfer takes longer than the server's write time-out of ${write} ms: this machine is too busy`,
      );
  }
}

async function fetch(
  t: WireCase,
  large: Exchange & { bytes: number },
  halfCloses: boolean,
): Promise<Fetched> {
  const peer = await t.connected({ window: SMALL_WINDOW });
  peer.data(large.send);
  if (halfCloses) peer.fin();
  const first = await peer.outcome(t.patienceMs, (bytes) => bytes.length >= STALLS_AT);
  if (first.end !== null || first.bytes.length === 0) return first;
  peer.ack({ window: 0 });
  t.trace.step(`the client does not read for ${STALL_MS} ms`);
  peer.window = 0;
  const stalled = await peer.outcome(STALL_MS);
  peer.window = WINDOW;
  peer.ack();
  const before = first.bytes.length + stalled.bytes.length;
  // A server that keeps the connection open would let us wait for its end in vain.
  const rest =
    stalled.end === null
      ? await peer.outcome(
          LONG_MS,
          (bytes) =>
            !halfCloses &&
            before + bytes.length >= large.bytes &&
            large.reply.test(Buffer.concat([first.bytes, stalled.bytes, bytes]).toString('latin1')),
        )
      : stalled;
  const parts = rest === stalled ? [first.bytes, stalled.bytes] : [first.bytes, stalled.bytes, rest.bytes];
  if (rest.end === 'FIN') peer.ack();
  return { bytes: Buffer.concat(parts), end: rest.end };
}

/** @returns what came, in words */
function judge(t: WireCase, large: Exchange & { bytes: number }, { bytes, end }: Fetched): string {
  const told = `${bytes.length} bytes, then ${end ?? 'silence'}`;
  if (large.reply.test(bytes.toString('latin1'))) {
    if (end === 'RST') t.fault('application', `the server resets behind the whole answer: ${told}`);
    return `the whole answer, ${told}`;
  }
  const how = end === 'FIN' ? 'behind a clean FIN' : end === 'RST' ? 'by a RST' : 'and sends no more';
  t.fault('application', `the server cuts its answer of at least ${large.bytes} bytes ${how}: ${told}`);
  return `a part of the answer, ${told}`;
}

/** An answer that looks whole has to be the one that others get. */
async function compare(
  t: WireCase,
  large: Exchange & { bytes: number },
  bytes: Buffer,
  others: string,
): Promise<void> {
  const text = bytes.toString('latin1');
  const tail = (answer: string): string => answer.slice(-large.bytes);
  if (!large.reply.test(text) || tail(others) === tail(text)) return;
  // Where others do not get the same twice, nobody can tell.
  const again = await t.ask(large, LONG_MS);
  if (tail(again.received) === tail(others))
    t.fault('application', 'the server sends a half-closed client something else in the place of its answer');
}
