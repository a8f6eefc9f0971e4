import { defineCase, type WireCase } from '#case';
import { encodePacket, segment, seq, SYN, type Packet } from '#tcp';

/** SYNs without `--scale`. */
const USUAL = 500;
/** After each so many SYNs the event loop goes on, and half-open connections are counted. */
const BATCH = 500;
/** Half-open connections are gone after their last SYN-ACK by this. Linux waits 1 s before it sends a second one. ms */
const GONE_MS = 6000;

export default defineCase(import.meta.url, {
  title: 'SYNs of hundreds of clients, none of which completes the handshake',
  level: 'robustness',
  refs: [{ rfc: 4987, section: '3.6' }, { issue: 'envoyproxy/envoy#9501' }],
  eitherFamily: true,
  steps: [
    'Turn SYN cookies on, and let the kernel send each SYN-ACK once only (tcp_synack_retries 0).',
    'Send 500 SYNs (--scale N: N), each from an address and port of its own, and answer no SYN-ACK.',
    'While they are half open, another client connects over the same link, and one on the host itself: both are served.',
    'Wait until none is half open.',
  ],
  expected:
    'at most the backlog is half open, the rest gets cookies; others are served; all are gone after the last time-out',
  why: 'A half-open connection costs the attacker one packet. The kernel holds as many as the backlog of the listener and answers the rest with cookies, which it need not remember; so a client that is honest gets through.',
  lasts: { ms: 1400, why: 'a half-open connection stays 1 s until its time-out' },
  wire: async (t) => {
    const count = t.options.scale ?? USUAL;
    t.sysctl('ipv4.tcp_syncookies', 1);
    t.sysctl('ipv4.tcp_synack_retries', 0);
    t.sysctl('ipv4.tcp_max_syn_backlog', Math.max(count, 4096));
    const halfOpen = (): number => t.target.counts().sockets?.SYN_RCVD ?? 0;
    const flood = new Flood(t);
    const startUs = t.trace.now();
    let most = 0;
    while (flood.sent < count) {
      flood.send(Math.min(BATCH, count - flood.sent));
      most = Math.max(most, halfOpen());
      await new Promise((resolve) => setImmediate(resolve));
    }
    const tookMs = (t.trace.now() - startUs) / 1000;
    const evidence = await t.listenerLines();
    t.stimulus(`${count} SYNs, none of whose answers is acknowledged`);

    const peer = await t.connected();
    if (!(await t.greets(peer)))
      t.fault('application', `a client on the same link is not served behind ${count} SYNs`);
    await t.othersServed(`behind ${count} SYNs`);
    peer.close();

    const goneUs = t.trace.now();
    while (halfOpen() > 0 && t.trace.now() - goneUs < GONE_MS * 1000)
      await new Promise((resolve) => setTimeout(resolve, 20));
    const left = halfOpen();
    const goneMs = (t.trace.now() - goneUs) / 1000;
    const { backlog } = t.target.traits;
    const limit = backlog === undefined ? '' : ` (its backlog of ${backlog} is the limit)`;
    const cookies = flood.answered - most;
    const answers = `${flood.answered} SYN-ACKs: at most ${most} half open at a time${cookies > 0 ? limit : ''}${cookies > 0 ? ', the others by cookies or after a time-out' : ''}`;
    t.note(
      `${count} SYNs in ${tookMs.toFixed(0)} ms, ${answers}; ${left === 0 ? 'none' : left} left ${goneMs.toFixed(0)} ms later`,
      evidence,
    );
    if (left > 0)
      t.fault('states', `${left} connections are still half open ${goneMs.toFixed(0)} ms after the last SYN`);
    if (flood.reset > 0) t.fault('states', `${flood.reset} of ${count} SYNs were answered by a RST`);
    if (flood.answered < count)
      t.fault(
        'states',
        `${count - flood.answered - flood.reset} of ${count} SYNs were not answered, with cookies on`,
      );
    // The queue takes one more than its length.
    if (backlog !== undefined && most > backlog + 1)
      t.fault('states', `${most} connections were half open at a time, and the backlog is ${backlog}`);
  },
});

/** Clients of whom nothing is kept: each lives on the wire until its SYN is answered, which is at once. */
class Flood {
  sent = 0;
  answered = 0;
  reset = 0;
  readonly #t: WireCase;

  constructor(t: WireCase) {
    this.#t = t;
  }

  send(count: number): void {
    const { wire, family, server } = this.#t;
    const value = segment({ flags: SYN, seq: seq(0) });
    const clients = Array.from({ length: count }, () => {
      const local = wire.freshEndpoint(family);
      const client = { family, local, remote: server, receive: this.#receive };
      wire.settle(client);
      wire.inject(encodePacket({ family, from: local, to: server, ...value }));
      return client;
    });
    wire.drain();
    for (const client of clients) wire.leave(client);
    this.sent += count;
  }

  readonly #receive = ({ packet }: { readonly packet: Packet }): void => {
    if ((packet.flags & SYN) === 0) this.reset += 1;
    else this.answered += 1;
  };
}
