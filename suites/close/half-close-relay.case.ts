import { defineCase, type Peer, type WireCase } from '#case';
import { ACK, FIN, PSH, RST } from '#tcp';
import { mannerOf, type Dealt } from './manner.ts';
import { confirmWhileItLasts } from './while-it-lasts.ts';

/** The backend takes so long for its answer: a relay that gives up at the FIN has done it by then. ms */
const DELAY_MS = 300;
/** What a relay that has declared a time is given besides, ms. */
const GRACE_MS = 1200;
/** The longest that is waited for both legs to end, ms. */
const LONGEST_MS = 4000;

export default defineCase(import.meta.url, {
  title: 'Half-close through a relay: the answer comes back, and no pair of sockets stays',
  level: 'policy',
  refs: [
    {
      rfc: 9293,
      section: '3.6',
      quote:
        'The user who CLOSEs may continue to RECEIVE until the TCP receiver is told that the remote peer has CLOSED also.',
    },
    { issue: 'moby/moby#27539' },
    { issue: 'kubernetes/kubernetes#8766' },
    { issue: 'kubernetes/kubernetes#32551' },
    { issue: 'moby/libnetwork#2465' },
    { issue: 'linkerd/linkerd2#5180' },
    { issue: 'envoyproxy/envoy#41086' },
    { issue: 'caddyserver/caddy#8026' },
    { issue: 'envoyproxy/envoy#2067' },
    { issue: 'istio/istio#43297' },
    { issue: 'tokio-rs/tokio#3876' },
  ],
  steps: [
    'A client sends a request for a backend, and FIN; the backend answers 300 ms later, and closes.',
    'A second client keeps its side open; the backend answers and closes first, then the client closes.',
    'After each: both legs end.',
  ],
  expected:
    'the answer whole, then FIN (or what policy.halfCloseRelay declares); no leg stays when both ends have closed',
  why: 'A relay has two connections, and four directions that end one by one. One FIN that closes both legs loses the answer; one that is kept pins a pair of sockets in FIN_WAIT_2 and CLOSE_WAIT.',
  needs: ['relay'],
  lasts: { ms: 700, why: 'the backend answers after 300 ms' },
  wire: async (t) => {
    const { policy } = t.target.traits;
    t.stimulus('a request through a relay, and FIN');
    const first = await clientClosesFirst(t);
    await bothEnd(t, first, 'a client closed first');
    const second = await backendClosesFirst(t);
    await bothEnd(t, second, 'a backend closed first');
    const { manner, detail } = first.dealt;
    t.policy('policy.halfCloseRelay', policy?.halfCloseRelay, manner, `${detail}; ${first.forwarded}`);
  },
  loopbackLacks: 'it needs a backend whose packets are in our hands',
});

interface Relayed {
  readonly client: Peer;
  readonly backend: Peer | null;
  readonly dealt: Dealt;
  readonly forwarded: string;
}

/** A client that asks through the relay, and the backend that the relay dials; nothing is answered yet. */
async function relayed(t: WireCase, halfCloses: boolean): Promise<{ client: Peer; backend: Peer | null }> {
  const { send, port } = t.trait('relay');
  const to = t.target.dialTo[t.family]!;
  const client = await t.connected({ remote: t.target.endpoint(t.family, port) });
  const backend = t.peer({ local: to, remote: null });
  client.data(send(to));
  if (halfCloses) client.fin();
  const syn = await backend.expect({ flags: 'S' }, t.patienceMs).catch(() => null);
  if (syn === null) {
    // Nobody has called it: another one will live at its address.
    backend.close();
    return { client, backend: null };
  }
  backend.synAck();
  // One that has given up its client meanwhile refuses the connection that it asked for.
  const next = await backend.expect({}, t.patienceMs);
  return { client, backend: (next.flags & RST) === 0 ? backend : null };
}

async function clientClosesFirst(t: WireCase): Promise<Relayed> {
  const { backend: answer, reply } = t.trait('relay');
  const { client, backend } = await relayed(t, true);
  if (backend === null) {
    const outcome = await client.outcome(t.patienceMs);
    if (outcome.end === 'FIN') client.ack();
    const dealt = mannerOf(outcome, { reply });
    return { client, backend, dealt, forwarded: 'the backend was not asked' };
  }
  // What comes by then: the request, and the FIN where it is passed on.
  const asked = await backend.outcome(DELAY_MS);
  const forwarded =
    asked.end === null
      ? 'the FIN was not passed on before the answer'
      : `${asked.end} passed on to the backend`;
  if (asked.end === 'FIN') backend.ack();
  if (asked.end !== 'RST') {
    await confirmWhileItLasts(t, client, 'a request through a relay, and FIN');
    backend.data(answer);
    backend.fin();
  }
  const outcome = await client.outcome(t.patienceMs);
  if (outcome.end === 'FIN') client.ack();
  return { client, backend, dealt: mannerOf(outcome, { reply }), forwarded };
}

async function backendClosesFirst(t: WireCase): Promise<Relayed> {
  const { backend: answer, reply } = t.trait('relay');
  const { client, backend } = await relayed(t, false);
  if (backend === null) t.fail('application', 'the relay does not dial its backend a second time');
  await backend.outcome(t.patienceMs, (bytes) => bytes.length > 0);
  backend.data(answer, { flags: ACK | PSH | FIN });
  const outcome = await t.answer(client, { reply });
  const dealt = mannerOf({ bytes: outcome.bytes, end: 'FIN' }, { reply });
  if (!outcome.whole)
    t.fault('application', `the relay loses the answer of a backend that closes behind it: ${dealt.detail}`);
  if (outcome.end === 'FIN') client.ack();
  if (outcome.end !== 'RST') client.fin();
  return { client, backend, dealt, forwarded: '' };
}

/** Both ends have closed: so must the relay, in both directions, whoever closed first. */
async function bothEnd(t: WireCase, { client, backend }: Relayed, what: string): Promise<void> {
  const { idle = 0 } = t.target.traits.timeouts ?? {};
  const withinMs = Math.min(Math.max(idle + GRACE_MS, t.target.traits.policy?.finWait2Ms ?? 0), LONGEST_MS);
  const deadlineUs = t.trace.now() + withinMs * 1000;
  const legs = backend === null ? { client } : { client, backend };
  const isLeft = (peer: Peer): boolean => t.isOwned(peer) && t.wire.stateOf(peer.tuple) !== 'CLOSED';
  while (Object.values(legs).some(isLeft) && t.trace.now() < deadlineUs) {
    for (const peer of Object.values(legs)) {
      const { end } = await peer.outcome(5);
      if (end === 'FIN') peer.ack();
    }
  }
  const left = Object.entries(legs).filter(([, peer]) => isLeft(peer));
  if (left.length === 0) return;
  const states = left.map(([leg, peer]) => `the leg to the ${leg} in ${t.wire.stateOf(peer.tuple)}`);
  t.fault('application', `the relay keeps ${states.join(' and ')} when both ends have closed (${what})`);
}
