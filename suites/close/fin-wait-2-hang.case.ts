import { defineCase } from '#case';
import { expect } from '#expect';

/** tcp_fin_timeout while this case runs, s: the least that the kernel takes. */
const FIN_TIMEOUT_S = 1;
/** What a server that has declared a time is given besides, ms. */
const GRACE_MS = 1200;
/** The longest that is waited without `--slow`, ms. */
const LONGEST_MS = 6000;
/** A timer of the kernel fires up to this much late on a busy machine, ms. */
const LATE_MS = 4000;

export default defineCase(import.meta.url, {
  title: 'The server closes, and its client never does',
  level: 'policy',
  refs: [
    {
      rfc: 9293,
      section: '3.3.2',
      quote: 'FIN-WAIT-2 - represents waiting for a connection termination request from the remote TCP peer.',
    },
    { issue: 'nodejs/node-v0.x-archive#3613' },
    { issue: 'jetty/jetty.project#1848' },
  ],
  steps: [
    'Set net.ipv4.tcp_fin_timeout to 1 s in the lab.',
    'Make the server close first, acknowledge its FIN, and never send one.',
    'Measure how long its application holds the socket, and how long the socket lasts after that.',
  ],
  expected: 'owned for at most policy.finWait2Ms, and gone tcp_fin_timeout later',
  why: 'FIN_WAIT_2 has no end while the application holds the socket: one that waits for its client to close waits for ever.',
  needs: ['closesFirst'],
  lasts: { ms: 2800, why: 'tcp_fin_timeout is 1 s at the least, after the server has let go' },
  wire: async (t) => {
    t.sysctl('ipv4.tcp_fin_timeout', FIN_TIMEOUT_S);
    const boundMs = t.target.traits.policy?.finWait2Ms;
    const wantedMs = boundMs === undefined ? t.patienceMs : boundMs + GRACE_MS;
    const withinMs = t.options.slow ? wantedMs : Math.min(wantedMs, LONGEST_MS);
    const peer = await t.connected();
    await t.accepted(peer);
    const { stimulus } = await t.serverClosesFirst(peer);
    peer.ack();
    const sinceUs = t.trace.now();
    const passedMs = (): number => (t.trace.now() - sinceUs) / 1000;
    t.stimulus(`${stimulus}, its FIN is acknowledged, and the client never closes`);
    expect(peer).to.pass.through('FIN_WAIT_1', 'FIN_WAIT_2');
    await t.othersServed('while a client does not close');
    if (t.isOwned(peer))
      await t.confirm(
        peer,
        'FIN_WAIT_2',
        `${stimulus}, its FIN is acknowledged, and the client never closes`,
        0,
      );
    while (t.isOwned(peer) && passedMs() < withinMs) await peer.changed(5);
    const tookMs = t.isOwned(peer) ? null : passedMs();
    if (tookMs !== null) {
      await expect(peer)
        .to.reach('CLOSED')
        .within(FIN_TIMEOUT_S * 1000 + LATE_MS);
    }
    t.bound('policy.finWait2Ms', boundMs, tookMs, 'the application lets go of the socket', withinMs);
  },
  loopbackLacks: "tcp_fin_timeout is the machine's own there, and is left alone",
});
