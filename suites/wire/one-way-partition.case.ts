import { defineCase } from '#case';
import { expect } from '#expect';
import { converse, greetingOf } from './conversation.ts';

export default defineCase(import.meta.url, {
  title: 'A partition one way: the server hears the client, the client hears nothing, until it heals',
  level: 'must',
  refs: [
    {
      rfc: 9293,
      section: '3.10.7.4',
      quote:
        'Initial tests on arrival are used to discard old duplicates, but further processing is done in SEG.SEQ order.',
    },
  ],
  steps: [
    'A kernel client connects; from then on the wire drops all that the server sends.',
    'Ask for something: the request arrives, and each end repeats what nobody acknowledges.',
    'Let it heal.',
  ],
  expected: 'ESTABLISHED at both ends, and no end of the connection; the answer comes whole, and once',
  why: 'Silence is no end: neither end may give the connection up so soon, nor take what is repeated for something new.',
  lasts: { ms: 700, why: 'what is lost is sent again after 0.2 and 0.6 s' },
  wire: async (t) => {
    const greeting = greetingOf(t);
    const repeated = t.wire.rule({ from: 'server', lacks: 'S', retransmission: true }).drop();
    const cut = t.wire.rule({ from: 'server', lacks: 'S' }).drop();
    const client = t.client();
    const startUs = t.trace.now();
    const whole = converse(t, client, greeting);
    // Whatever goes wrong before it is awaited is the finding, not this.
    whole.catch(() => undefined);
    await cut.hits(1, t.patienceMs);
    const stimulus = 'a request, while nothing that the server sends arrives';
    const afterUs = t.trace.now() - startUs;
    await t.confirmBoth(client, { server: 'ESTABLISHED', client: 'ESTABLISHED' }, stimulus, afterUs);
    await repeated.hits(1, t.patienceMs);
    if (greeting.send.length > 0) await client.arrival('client', { retransmission: true }, t.patienceMs);
    t.trace.step('the partition heals');
    for (const rule of [repeated, cut]) rule.remove();
    const bytes = await whole;
    if (client.sentBy('server').length !== bytes)
      t.fail(
        'application',
        `the server answered ${client.sentBy('server').length} bytes, not ${bytes}: not once`,
      );
    for (const end of [client, client.own]) expect(end).not.to.pass.through('ESTABLISHED', 'CLOSED');
    const lost = repeated.matched + cut.matched;
    t.conclude(
      `ESTABLISHED at both ends while ${lost} packets were lost; then ${bytes} bytes, whole and once`,
    );
  },
  loopbackLacks: 'no packet can be lost there',
});
