import { defineCase } from '#case';
import { expect } from '#expect';
import { mannerOf } from './manner.ts';
import { confirmWhileItLasts } from './while-it-lasts.ts';

/** A server that gives up a half-closed client does so as soon as it sees the FIN. ms */
const AT_ONCE_MS = 200;
/** A thread that runs so long while nothing is to do does not wait for the answer: it looks for it. ms */
const SPINS_MS = 300;
/** Who waits so long, and until the slow answer has been sent, has waited for that. ms */
const HELD_UP_MS = 200;

export default defineCase(import.meta.url, {
  title: 'A client sends a request and its FIN, and the answer takes a second',
  level: 'policy',
  refs: [
    {
      rfc: 9293,
      section: '3.6',
      quote:
        'The user who CLOSEs may continue to RECEIVE until the TCP receiver is told that the remote peer has CLOSED also.',
    },
    { issue: 'elastic/elasticsearch#11466' },
    { issue: 'aio-libs/aiohttp#3659' },
    { issue: 'dotnet/aspnetcore#13188' },
    { issue: 'memcached/memcached#661' },
    { issue: 'netty/netty#4082' },
  ],
  steps: [
    'Send a request whose answer takes a second, and FIN.',
    'Meanwhile: the state, no thread that spins, others served.',
    'Read to the end.',
  ],
  expected: 'CLOSE_WAIT until the answer is sent, then LAST_ACK (or what policy.halfCloseSlow declares)',
  why: 'A fast answer is on its way before anybody looks for the end of the stream: what a server makes of it shows when the answer is slow. A level-triggered poll sees the end again and again meanwhile, and may spin.',
  needs: ['slow'],
  eitherFamily: true,
  lasts: { ms: 1300, why: 'the slow answer takes a second' },
  wire: async (t) => {
    const slow = t.trait('slow');
    const peer = await t.connected();
    peer.data(slow.send);
    const sent = peer.fin();
    const early = await peer.outcome(AT_ONCE_MS);
    const seen = [early];
    if (early.end === null) {
      await confirmWhileItLasts(t, peer, 'a request whose answer takes a second, and FIN', sent.stateAfterUs);
      await t.rests('while a half-closed client waits for its answer', SPINS_MS);
      seen.push(await peer.outcome(0));
      const askedEarly = !isAnswered(seen);
      const othersMs = await t.othersServed('while a half-closed client waits for its answer');
      seen.push(await peer.outcome(0));
      if (askedEarly && isAnswered(seen) && othersMs > HELD_UP_MS)
        t.fault(
          'application',
          `a client that asks meanwhile waits for the slow answer of another: ${othersMs.toFixed(0)} ms`,
        );
      if (seen.at(-1)!.end === null) seen.push(await peer.outcome(slow.afterMs + t.patienceMs));
    }
    const { end } = seen.at(-1)!;
    expect(peer).to.pass.through('ESTABLISHED', 'CLOSE_WAIT');
    if (end === 'FIN') {
      peer.ack();
      expect(peer).to.pass.through('CLOSE_WAIT', 'LAST_ACK', 'CLOSED');
    }
    const { manner, detail } = mannerOf({ bytes: Buffer.concat(seen.map(({ bytes }) => bytes)), end }, slow);
    t.policy('policy.halfCloseSlow', t.target.traits.policy?.halfCloseSlow, manner, detail);
  },
  loopbackLacks: 'the order of FIN and answer is told from packets',
});

function isAnswered(seen: readonly { bytes: Buffer; end: unknown }[]): boolean {
  return seen.some(({ bytes, end }) => bytes.length > 0 || end !== null);
}
