import { defineCase, proxyBefore } from '#case';
import { ask, greetingOf, onBoth, reach, sendAll, served } from './through.ts';

/** Fewer bytes than any answer has. */
const LIMIT = 2;

export default defineCase(import.meta.url, {
  title: 'limit_data: the connection ends in the middle of a request, and of an answer',
  level: 'robustness',
  refs: [
    {
      rfc: 9293,
      section: '3.6',
      quote: 'CLOSE is an operation meaning "I have no more data to send."',
    },
    { issue: 'aio-libs/aiohttp#3659' },
    { issue: 'haproxy/haproxy#136' },
  ],
  steps: [
    'Through a proxy that closes after half of what the client sends: send a request.',
    'Through one that closes after some bytes of the answer: ask.',
  ],
  expected:
    'the client gets no whole answer, and exactly what the limit lets pass; the server lets go of both connections',
  why: 'A connection that ends halfway must neither be taken for a whole request nor stay behind.',
  eitherFamily: true,
  ...onBoth(async (t) => {
    const greeting = greetingOf(t);
    if (greeting.send.length > 1) {
      const half = Math.floor(greeting.send.length / 2);
      const up = await proxyBefore(t, [
        { type: 'limit_data', name: 'half', stream: 'upstream', attributes: { bytes: half } },
      ]);
      const proxied = await up.client();
      sendAll(proxied.client, greeting.send);
      const { bytes } = await proxied.client.outcome(t.patienceMs);
      if (greeting.reply.test(bytes.toString('latin1')))
        t.fault(
          'application',
          `${half} of ${greeting.send.length} bytes of a request are answered as if it were whole`,
        );
      proxied.client.reset();
      await reach(proxied, { server: 'CLOSED' }, t.patienceMs);
      await up.removeToxic('half');
      await served(t, up, 'after half a request');
    }
    const down = await proxyBefore(t, [
      { type: 'limit_data', name: 'some', stream: 'downstream', attributes: { bytes: LIMIT } },
    ]);
    // Where the server speaks first, the connection is over as soon as it is there: what is left of it, the counts tell.
    const client = down.connect();
    const { bytes } = await ask(client, { ...greeting, reply: /(?!)/ }, t.patienceMs);
    if (bytes.length !== LIMIT)
      t.fault('application', `${bytes.length} bytes came through a proxy that lets ${LIMIT} pass`);
    client.reset();
    await down.removeToxic('some');
    await served(t, down, 'after a part of an answer');
    t.conclude('a connection that ends halfway is let go of; others are served');
  }),
});
