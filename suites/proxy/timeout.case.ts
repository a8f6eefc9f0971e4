import { defineCase, proxyBefore } from '#case';
import { ask, greetingOf, onBoth, reach, served } from './through.ts';

/** ms */
const TIMEOUT_MS = 200;

export default defineCase(import.meta.url, {
  title: 'timeout: nothing passes any more, and then the connection ends',
  level: 'robustness',
  refs: [
    {
      rfc: 9293,
      section: '3.10.7.4',
      quote:
        'If the FIN bit is set, signal the user "connection closing" and return any pending RECEIVEs with same message',
    },
    { issue: 'haproxy/haproxy#136' },
  ],
  steps: [
    'Through a proxy with timeout upstream: send a request, which the server never gets.',
    'Through one with timeout downstream: the answer is swallowed.',
    'Without the toxic the proxy serves again.',
  ],
  expected:
    'no byte comes through, the connection ends at both sides, the server lets go, and others are served',
  why: 'A client that goes silent and then away must cost the server one connection, and that only until it is told.',
  eitherFamily: true,
  lasts: { ms: 3 * TIMEOUT_MS, why: `the toxic closes after ${TIMEOUT_MS} ms, in each direction` },
  ...onBoth(async (t) => {
    const greeting = greetingOf(t);
    for (const stream of ['upstream', 'downstream'] as const) {
      const proxy = await proxyBefore(t, [
        { type: 'timeout', name: 'silence', stream, attributes: { timeout: TIMEOUT_MS } },
      ]);
      const proxied = await proxy.client();
      const { bytes, end } = await ask(proxied.client, greeting, TIMEOUT_MS + t.patienceMs);
      const speaksFirst = stream === 'upstream' && greeting.send.length === 0;
      if (bytes.length > 0 && !speaksFirst)
        t.fault('application', `${bytes.length} bytes came through a proxy that lets nothing pass ${stream}`);
      if (end === null) proxied.client.reset();
      await reach(proxied, { server: 'CLOSED' }, t.patienceMs);
      await t.othersServed(`after a time-out ${stream}`);
      await proxy.removeToxic('silence');
      await served(t, proxy, `when the toxic is gone ${stream}`);
    }
    t.conclude(`nothing passes, and the connection ends after ${TIMEOUT_MS} ms; others are served`);
  }),
});
