import { defineCase, Trace } from '#case';
import { expect } from '#expect';
import { converse, greetingOf } from './conversation.ts';

/** Segments that a request comes in: the first of them arrives second. */
const PIECES = 3;
/** Of a large answer, so many of the first segments are liable to come late. */
const AMONG = 400;

/** Of a large answer, bytes: the rest says nothing new, and would take longer than some servers wait. */
const MUCH = 256 * 1024;

export default defineCase(import.meta.url, {
  title: 'Segments arrive in another order, and are read in theirs',
  level: 'must',
  refs: [
    {
      rfc: 9293,
      section: '3.10.7.4',
      quote: 'Segments with higher beginning sequence numbers SHOULD be held for later processing (SHLD-31).',
    },
  ],
  steps: [
    'A kernel client sends a request in segments of a few bytes; the wire puts the first behind the second.',
    'Ask for a large answer, where there is one; the wire puts a quarter of its first segments behind the next two.',
  ],
  expected: 'ESTABLISHED at both ends; request and answer are read whole and in order',
  why: 'The network promises no order. What comes too early waits for what is before it, or has to be sent again.',
  lasts: { ms: 300, why: 'a segment with nothing behind it is sent again after 0.2 s' },
  wire: async (t) => {
    const greeting = greetingOf(t);
    const { large } = t.target.traits;
    const client = t.client({ noDelay: true });
    const ofRequest = t.wire.rule({ from: 'client', length: [1, Infinity], nth: 1 }).reorder(1);
    const startUs = t.trace.now();
    let bytes = await converse(t, client, greeting, { pieces: PIECES });
    const stimulus = 'a request whose first segment comes after its second';
    const afterUs = t.trace.now() - startUs;
    await t.confirmBoth(client, { server: 'ESTABLISHED', client: 'ESTABLISHED' }, stimulus, afterUs);
    const ofAnswer = t.wire
      .rule({ from: 'server', length: [1, Infinity], nth: [1, AMONG], chance: 0.25 })
      .reorder(2);
    const ends = [client, client.own];
    if (large !== undefined) {
      // Some take it as the first request of a connection alone.
      const reader = t.client({ trace: new Trace() });
      const much = { send: large.send, reply: /^/, bytes: MUCH };
      bytes += await converse(t, reader, much, { withinMs: 3 * t.patienceMs });
      ends.push(reader.own);
    }
    for (const end of ends) expect(end).not.to.pass.through('ESTABLISHED', 'CLOSED');
    t.conclude(
      `${ofRequest.matched + ofAnswer.matched} segments came late; ${bytes} bytes were read whole and in order`,
    );
  },
  loopbackLacks: 'packets come in order there',
});
