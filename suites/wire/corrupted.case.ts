import { defineCase } from '#case';
import { expect } from '#expect';
import { converse, greetingOf } from './conversation.ts';

export default defineCase(import.meta.url, {
  title: 'A bit is flipped on the way: the segment is dropped for its checksum, and sent again',
  level: 'must',
  refs: [
    {
      rfc: 9293,
      section: '3.1',
      quote: 'The sender MUST generate it (MUST-2) and the receiver MUST check it (MUST-3).',
    },
  ],
  steps: [
    "A kernel client sends a request; the wire flips one bit of it, and later one bit of the answer's first segment.",
    'Each end sends again what nobody acknowledges.',
  ],
  expected: 'ESTABLISHED at both ends; request and answer are read as they were sent',
  why: 'A segment with a wrong checksum is as good as lost: it must change nothing, and no reader may see it.',
  lasts: { ms: 500, why: 'each is sent again after 0.2 s' },
  wire: async (t) => {
    const greeting = greetingOf(t);
    const speaksFirst = greeting.send.length === 0;
    const data = { length: [1, Infinity], retransmission: false } as const;
    const ofAnswer = t.wire.rule({ from: 'server', ...data, nth: 1 }).corrupt();
    const ofRequest = t.wire.rule({ from: 'client', ...data, nth: 1 }).corrupt();
    const client = t.client();
    const startUs = t.trace.now();
    const whole = converse(t, client, greeting);
    // Whatever goes wrong before it is awaited is the finding, not this.
    whole.catch(() => undefined);
    const stimulus = `${speaksFirst ? 'an answer' : 'a request'} with a bit flipped`;
    const afterUs = t.trace.now() - startUs;
    await t.confirmBoth(client, { server: 'ESTABLISHED', client: 'ESTABLISHED' }, stimulus, afterUs);
    if (!speaksFirst) await client.arrival('client', { retransmission: true }, t.patienceMs);
    await client.arrival('server', { retransmission: true }, t.patienceMs);
    const bytes = await whole;
    if (ofAnswer.matched + ofRequest.matched !== (speaksFirst ? 1 : 2))
      t.inconclusive('the wire found nothing to corrupt');
    for (const end of [client, client.own]) expect(end).not.to.pass.through('ESTABLISHED', 'CLOSED');
    const tookMs = (t.trace.now() - startUs) / 1000;
    t.conclude(
      `what was corrupted came again; ${bytes} bytes as they were sent, after ${tookMs.toFixed(0)} ms`,
    );
  },
  loopbackLacks: 'no packet can be corrupted there',
});
