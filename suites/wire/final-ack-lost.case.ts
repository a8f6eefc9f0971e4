import { defineCase } from '#case';
import { expect } from '#expect';
import { converse, greetingOf } from './conversation.ts';

export default defineCase(import.meta.url, {
  title: 'The final ACK of the handshake is lost, and the server sends its SYN-ACK again',
  level: 'must',
  refs: [
    {
      rfc: 9293,
      section: '3.10.7.4',
      quote:
        'If an incoming segment is not acceptable, an acknowledgment should be sent in reply (unless the RST bit is set, if so drop the segment and return)',
    },
  ],
  steps: [
    'A kernel client connects; the wire drops its ACK of the SYN-ACK.',
    'The server sends the SYN-ACK again, and the client acknowledges it again.',
    'Ask for something.',
  ],
  expected: 'SYN_RCVD at the server and ESTABLISHED at the client; ESTABLISHED at both after the second ACK',
  why: 'For the client the connection is open, for the server it is not yet. Who waits has to ask again: the SYN-ACK is repeated.',
  lasts: { ms: 1200, why: 'the SYN-ACK is sent again after 1 s' },
  wire: async (t) => {
    const lost = t.wire.rule({ from: 'client', flags: 'A' }).drop();
    const startUs = t.trace.now();
    const client = t.client();
    const stimulus = 'connect(), and the final ACK is lost';
    const afterUs = t.trace.now() - startUs;
    await t.confirmBoth(client, { server: 'SYN_RCVD', client: 'ESTABLISHED' }, stimulus, afterUs);
    lost.remove();
    const ack = await client.arrival('client', { flags: 'A' }, t.patienceMs);
    const tookMs = (t.trace.at(ack.atUs) - startUs) / 1000;
    // Where the listener defers accept, it waits for data.
    const deferred = client.state() === 'SYN_RCVD' ? ' and the data behind it' : '';
    const bytes = await converse(t, client, greetingOf(t));
    expect(client).to.pass.through('SYN_RCVD', 'ESTABLISHED');
    expect(client.own).to.be.in.state('ESTABLISHED');
    t.conclude(
      `SYN_RCVD and ESTABLISHED; both ESTABLISHED by the second ACK${deferred} after ${tookMs.toFixed(0)} ms; ${bytes} bytes answered`,
    );
  },
  loopbackLacks: 'no packet can be lost there',
});
