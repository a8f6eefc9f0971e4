import { defineCase, type WireCase } from '#case';
import { expect } from '#expect';
import { ACK, FIN, PSH } from '#tcp';
import { mannerOf, together, type Dealt } from './manner.ts';

/** Whether the FIN is in the segment of the request, or follows in one of its own. */
const WAYS = ['in the same segment', 'in a segment of its own'] as const;

export default defineCase(import.meta.url, {
  title: 'A client sends a whole request and its FIN at once, and reads on',
  level: 'policy',
  refs: [
    {
      rfc: 9293,
      section: '3.6',
      quote:
        'The user who CLOSEs may continue to RECEIVE until the TCP receiver is told that the remote peer has CLOSED also.',
    },
    { issue: 'golang/go#18527' },
    { issue: 'Kludex/uvicorn#1264' },
    { issue: 'caddyserver/caddy#1925' },
    { issue: 'redis/redis#915' },
    { issue: 'hyperium/hyper#1981' },
    { issue: 'netty/netty#4317' },
  ],
  steps: [
    'Send a request with FIN in the same segment.',
    'Read to the end, and leave the FIN unacknowledged for a moment.',
    'Do it once more, with the FIN in a segment of its own.',
  ],
  expected: 'CLOSE_WAIT → LAST_ACK, the answer whole (or what policy.halfClose declares)',
  why: 'A FIN says that nothing more is coming from this side, not that nobody listens. Shells (`nc`, `ssh host cat |`), proxies and old clients close so, and wait for the answer.',
  wire: async (t) => {
    const { greeting, traits } = t.target;
    const request = greeting !== null && greeting.send.length > 0 ? greeting : traits.closesFirst;
    if (request === undefined) return t.unsupported('nothing is known that a client sends first');
    t.stimulus('a request and FIN');
    const dealt: Dealt[] = [];
    for (const way of WAYS) {
      t.trace.step(`a request and FIN ${way}`);
      const peer = await t.connected();
      if (way === 'in the same segment') peer.data(request.send, { flags: ACK | PSH | FIN });
      else {
        peer.data(request.send);
        peer.fin();
      }
      const outcome = await peer.outcome(t.patienceMs);
      expect(peer).to.pass.through('ESTABLISHED', 'CLOSE_WAIT');
      if (outcome.end === 'FIN') await leaveInOrder(t, peer, dealt.length === 0);
      dealt.push(mannerOf(outcome, request));
    }
    const { seen, detail } = together(dealt);
    t.policy('policy.halfClose', traits.policy?.halfClose, seen, detail);
  },
  loopbackLacks: 'the order of FIN and answer is told from packets',
});

async function leaveInOrder(
  t: WireCase,
  peer: Awaited<ReturnType<WireCase['connected']>>,
  isEvidence: boolean,
): Promise<void> {
  if (isEvidence)
    await t.confirm(peer, 'LAST_ACK', 'a request and FIN; the FIN of the server is not acknowledged', 0);
  peer.ack();
  expect(peer).to.pass.through('CLOSE_WAIT', 'LAST_ACK', 'CLOSED');
}
