import { defineCase } from '#case';
import { expect } from '#expect';
import { converse, greetingOf } from './conversation.ts';

export default defineCase(import.meta.url, {
  title: 'The SYN is lost, and the client sends it again',
  level: 'must',
  refs: [
    {
      rfc: 9293,
      section: '3.8',
      quote:
        'Because segments may be lost due to errors (checksum test failure) or network congestion, TCP uses retransmission to ensure delivery of every segment.',
    },
  ],
  steps: [
    'A kernel client connects; the wire drops its SYN.',
    'The client sends the SYN again, and it arrives.',
    'Ask for something.',
  ],
  expected: 'SYN_SENT at the client and nothing at the server; then ESTABLISHED at both',
  why: 'A SYN that never came leaves no trace at the server: the one that comes a second later is the first it knows of.',
  lasts: { ms: 1200, why: 'the SYN is sent again after 1 s' },
  wire: async (t) => {
    const lost = t.wire.rule({ from: 'client', flags: 'S' }).drop();
    const startUs = t.trace.now();
    const client = t.client();
    const stimulus = 'connect(), and the SYN is lost';
    const afterUs = t.trace.now() - startUs;
    await t.confirmBoth(client, { server: 'CLOSED', client: 'SYN_SENT' }, stimulus, afterUs);
    lost.remove();
    const syn = await client.arrival('client', { flags: 'S', retransmission: true }, t.patienceMs);
    const tookMs = (t.trace.at(syn.atUs) - startUs) / 1000;
    await expect(client.own).to.reach('ESTABLISHED');
    const bytes = await converse(t, client, greetingOf(t));
    expect(client).to.pass.through('LISTEN', 'SYN_RCVD', 'ESTABLISHED');
    expect(client.own).to.pass.through('SYN_SENT', 'ESTABLISHED');
    await t.confirmBoth(client, { server: 'ESTABLISHED', client: 'ESTABLISHED' }, stimulus, afterUs);
    t.conclude(
      `SYN_SENT, and nothing at the server; the SYN again after ${tookMs.toFixed(0)} ms opened it; ${bytes} bytes answered`,
    );
  },
  loopbackLacks: 'no packet can be lost there',
});
