import { defineCase } from '#case';
import { expect } from '#expect';

export default defineCase(import.meta.url, {
  title: "The server's FIN is lost, and it sends it again",
  level: 'must',
  refs: [
    {
      rfc: 9293,
      section: '3.6',
      quote: 'All segments preceding and including FIN will be retransmitted until acknowledged.',
    },
  ],
  steps: [
    'Make the server close first; the wire drops its FIN.',
    'The server sends it again, and it arrives.',
    'The client reads to the end, and closes.',
  ],
  expected:
    'FIN_WAIT_1 at the server and ESTABLISHED at the client; then FIN_WAIT_2 and CLOSE_WAIT; TIME_WAIT at the server',
  why: 'The end of the stream takes a sequence number, as a byte does: it is repeated until the client has acknowledged it.',
  lasts: { ms: 300, why: 'the FIN is sent again after 0.2 s' },
  wire: async (t) => {
    const lost = t.wire.rule({ from: 'server', has: 'F' }).drop();
    const client = t.client();
    const startUs = t.trace.now();
    const how = await t.bidClose(client);
    await lost.hits(1, t.patienceMs);
    const stimulus = `${how}, and its FIN is lost`;
    const afterUs = t.trace.now() - startUs;
    await t.confirmBoth(client, { server: 'FIN_WAIT_1', client: 'ESTABLISHED' }, stimulus, afterUs);
    lost.remove();
    await client.arrival('server', { has: 'F', retransmission: true }, t.patienceMs);
    const tookMs = (t.trace.now() - startUs) / 1000;
    // A kernel may delay its acknowledgement of a FIN.
    await expect(client).to.reach('FIN_WAIT_2');
    await t.confirmBoth(client, { server: 'FIN_WAIT_2', client: 'CLOSE_WAIT' }, stimulus, afterUs);
    const bytes = await client.readToEnd();
    client.close();
    expect(client).to.pass.through('ESTABLISHED', 'FIN_WAIT_1', 'FIN_WAIT_2', 'TIME_WAIT');
    expect(client.own).to.pass.through('ESTABLISHED', 'CLOSE_WAIT', 'LAST_ACK', 'CLOSED');
    const { closesFirst } = t.target.traits;
    if (closesFirst !== undefined && !closesFirst.reply.test(bytes.toString('latin1')))
      t.fail('application', `of the answer before the FIN the client read ${bytes.length} bytes, not all`);
    t.conclude(
      `FIN_WAIT_1 until the FIN came again, after ${tookMs.toFixed(0)} ms with ${lost.matched} lost; then FIN_WAIT_2 → TIME_WAIT`,
    );
  },
  loopbackLacks: 'no packet can be lost there',
});
