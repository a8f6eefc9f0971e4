import { defineCase } from '#case';
import { seqAdd } from '#tcp';
import { atSeconds, watchLettingGo, watchMs } from './letting-go.ts';

/** Where no bound is promised, so long is enough to see the first keep-alive probe. ms */
const NEVER_MS = 1500;

export default defineCase(import.meta.url, {
  title: 'An idle client vanishes without a FIN',
  level: 'policy',
  refs: [
    {
      rfc: 9293,
      section: '3.8.4',
      quote:
        'If keep-alives are included, the application MUST be able to turn them on or off for each TCP connection (MUST-24), and they MUST default to off (MUST-25).',
    },
    { issue: 'redis/redis#949' },
    { issue: 'rabbitmq/rabbitmq-server#384' },
  ],
  eitherFamily: true,
  steps: [
    'Set net.ipv4.tcp_keepalive_time and _intvl to 1 s, _probes to 2: for sockets that ask for keep-alive and no times of their own.',
    'Connect and be greeted; from then on answer nothing, not even with an acknowledgement.',
    "Count keep-alive probes, and wait until the server's application lets go of the connection.",
  ],
  expected: 'the connection is let go within policy.deadPeerIdleMs, or else timeouts.idle',
  why: 'An idle connection sends nothing, so that TCP never learns of a peer that is gone: only a time-out of the application or keep-alive probes tell. Without either, it stays for ever, and such connections pile up.',
  lasts: { ms: 3000, why: "the server's idle time-out, or keep-alive probes at 1, 2 and 3 s" },
  wire: async (t) => {
    t.sysctl('ipv4.tcp_keepalive_time', 1);
    t.sysctl('ipv4.tcp_keepalive_intvl', 1);
    t.sysctl('ipv4.tcp_keepalive_probes', 2);
    const { greeting, traits } = t.target;
    const peer = await t.connected();
    await t.accepted(peer);
    if (greeting !== null && !(await t.greets(peer)))
      t.fail('application', 'the server did not answer its greeting');
    if (peer.state() !== 'ESTABLISHED')
      t.unsupported('the server closes after its greeting: no connection is ever idle');
    t.trace.step('the client vanishes');
    const sinceUs = t.trace.now();
    const silent = peer.ack();
    await t.confirm(
      peer,
      'ESTABLISHED',
      'greeted and idle; the client answers nothing any more',
      silent.stateAfterUs,
    );
    const trait = traits.policy?.deadPeerIdleMs === undefined ? 'timeouts.idle' : 'policy.deadPeerIdleMs';
    const bound = traits.policy?.deadPeerIdleMs ?? traits.timeouts?.idle;
    const { tookMs, atMs, waitedMs, still } = await watchLettingGo(t, peer, {
      sinceUs,
      withinMs: watchMs(t, bound, NEVER_MS),
      // A keep-alive probe repeats the last octet that was acknowledged, without the octet.
      pattern: { flags: 'A', length: 0, seq: seqAdd(peer.rcvNxt!, -1) },
    });
    const judgedMs = still.lessThis(tookMs, bound);
    const what = `keep-alive probes ${atSeconds(atMs)}; a client that is gone is let go${String(still)}`;
    t.bound(trait, bound, judgedMs, what, waitedMs);
  },
});
