import { defineCase } from '#case';
import { expect } from '#expect';

export default defineCase(import.meta.url, {
  title: "The last ACK is lost: the server's FIN comes again into the client's TIME_WAIT",
  level: 'must',
  refs: [
    {
      rfc: 9293,
      section: '3.10.7.4',
      quote:
        'The only thing that can arrive in this state is a retransmission of the remote FIN. Acknowledge it, and restart the 2 MSL timeout.',
    },
  ],
  steps: [
    'A kernel client closes its side of an idle connection, and the server closes too.',
    "The wire drops the client's ACK of the server's FIN.",
    'The server sends the FIN again, and the client acknowledges it from TIME_WAIT.',
  ],
  expected: 'LAST_ACK at the server and TIME_WAIT at the client; then CLOSED at the server',
  why: 'This is what TIME_WAIT is for: who closed first stays to acknowledge a FIN whose acknowledgement did not arrive.',
  lasts: { ms: 300, why: 'the FIN is sent again after 0.2 s' },
  wire: async (t) => {
    const client = t.client();
    const lost = t.wire.rule({ from: 'client', flags: 'A', state: { server: 'LAST_ACK' } }).drop();
    const startUs = t.trace.now();
    const how = await t.bidCloseAfterFin(client);
    await lost.hits(1, t.patienceMs);
    const stimulus = `${how}, and the last ACK is lost`;
    const afterUs = t.trace.now() - startUs;
    await t.confirmBoth(client, { server: 'LAST_ACK', client: 'TIME_WAIT' }, stimulus, afterUs);
    lost.remove();
    await expect(client).to.reach('CLOSED').within(t.patienceMs);
    const tookMs = (t.trace.now() - startUs) / 1000;
    await client.arrival('server', { has: 'F', retransmission: true }, 0);
    await t.confirmBoth(client, { server: 'CLOSED', client: 'TIME_WAIT' }, stimulus, afterUs);
    expect(client).to.pass.through('CLOSE_WAIT', 'LAST_ACK', 'CLOSED');
    // FIN_WAIT_2 lies between where the server acknowledges the FIN before it sends its own.
    expect(client.own).to.pass.through('ESTABLISHED', 'FIN_WAIT_1');
    t.conclude(
      `LAST_ACK → CLOSED after ${tookMs.toFixed(0)} ms, when the FIN had come again to TIME_WAIT; ${lost.matched} ACKs were lost`,
    );
  },
  loopbackLacks: 'no packet can be lost there',
});
