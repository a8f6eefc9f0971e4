import { defineCase } from '#case';
import { expect } from '#expect';

/** tcp_fin_timeout while this case runs, seconds: the least that the kernel takes. */
const FIN_TIMEOUT_S = 1;

/** A server that closes has done it so long after its FIN, ms. */
const CLOSES_MS = 500;

/** A timer of the kernel fires up to this much late on a busy machine, ms. */
const LATE_MS = 1500;

export default defineCase(import.meta.url, {
  title: 'FIN_WAIT_2 lasts as long as the application holds the socket, and tcp_fin_timeout after close()',
  level: 'should',
  refs: [
    {
      rfc: 9293,
      section: '3.3.2',
      quote: 'FIN-WAIT-2 - represents waiting for a connection termination request from the remote TCP peer.',
    },
    { rfc: 9293, section: '3.6' },
  ],
  steps: [
    'Set net.ipv4.tcp_fin_timeout to 1 s in the lab.',
    'Make the server close first, acknowledge its FIN, and send none.',
    'If it has only shut down its sending side: the state stays, longer than that. Then end its process, so that the socket is closed.',
    'Once the socket is closed, the state ends after tcp_fin_timeout.',
  ],
  expected: 'after shutdown() it does not time out; after close() it is gone after tcp_fin_timeout',
  why: 'Half-closed is a state to work in, and the RFC gives it no end. An orphan cannot receive any more: Linux ends it, so that a silent client costs nothing.',
  lasts: { ms: 3500, why: 'tcp_fin_timeout is 1 s at the least, and twice that must pass without an end' },
  wire: async (t) => {
    t.sysctl('ipv4.tcp_fin_timeout', FIN_TIMEOUT_S);
    const peer = await t.connected();
    const { closesFirst, shutsFirst } = t.target.traits;
    const { stimulus } = await t.serverClosesFirst(peer, shutsFirst ?? closesFirst);
    const ack = peer.ack();
    const enteredUs = t.trace.now();
    const what = `${stimulus}, its FIN is acknowledged, and the client stays`;
    await t.confirm(peer, 'FIN_WAIT_2', what, ack.stateAfterUs).catch((error: unknown) => {
      if (t.trace.now() - enteredUs < FIN_TIMEOUT_S * 1e6) throw error;
      t.inconclusive('to look took longer than the state lasts: this machine is too busy');
    });
    // A busy server may pause between its shutdown() and its close().
    const closesUs = enteredUs + (shutsFirst === undefined ? CLOSES_MS * 1000 : 0);
    while (t.isOwned(peer) && t.trace.now() < closesUs) await peer.changed(1);
    const owned = t.isOwned(peer);
    if (owned) {
      t.trace.step('the application holds the socket: it has only shut down');
      await expect(peer)
        .to.stay.in('FIN_WAIT_2')
        .for(2 * FIN_TIMEOUT_S * 1000);
      await t.endServer();
    }
    // It was closed between the first moment at which it can have been and now.
    const closedUs = owned ? t.trace.now() : enteredUs;
    t.trace.step('no process holds the socket: it is an orphan');
    const staysMs = 0.5 * FIN_TIMEOUT_S * 1000 - (t.trace.now() - closedUs) / 1000;
    if (staysMs > 0) await expect(peer).to.stay.in('FIN_WAIT_2').for(staysMs);
    await expect(peer)
      .to.reach('CLOSED')
      .within(FIN_TIMEOUT_S * 1000 + LATE_MS);
    const lastedMs = (t.trace.now() - closedUs) / 1000;
    const before = owned ? `held by the application for ${2 * FIN_TIMEOUT_S} s; then ` : '';
    t.conclude(
      `${before}closed, and gone ${lastedMs.toFixed(0)} ms later (tcp_fin_timeout ${FIN_TIMEOUT_S} s)`,
    );
  },
  loopbackLacks: "tcp_fin_timeout is the machine's own there, and is left alone",
});
