import { defineCase, proxyBefore, type CaseProxy } from '#case';
import { greetingOf, onBoth, reach, sendAll, served } from './through.ts';

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
      const unasked = await told(proxy, TIMEOUT_MS + t.patienceMs);
      const proxied = await proxy.client();
      if (greeting.send.length > 0) sendAll(proxied.client, greeting.send);
      const { bytes, end } = await proxied.client.outcome(TIMEOUT_MS + t.patienceMs);
      if (bytes.length > unasked)
        t.fault(
          'application',
          `${bytes.length - unasked} bytes came through a proxy that lets nothing pass ${stream}`,
        );
      if (end === null) proxied.client.reset();
      await reach(proxied, { server: 'CLOSED' }, t.patienceMs);
      await t.othersServed(`after a time-out ${stream}`);
      await proxy.removeToxic('silence');
      await served(t, proxy, `when the toxic is gone ${stream}`);
    }
    t.conclude(`nothing passes, and the connection ends after ${TIMEOUT_MS} ms; others are served`);
  }),
});

/** What a server says before it is asked: bytes. */
async function told(proxy: CaseProxy, withinMs: number): Promise<number> {
  const { client } = await proxy.client();
  const { bytes } = await client.outcome(withinMs);
  client.reset();
  return bytes.length;
}
