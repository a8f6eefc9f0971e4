import { defineCase, isOriginal, proxyBefore } from '#case';
import { onBoth, reach, served } from './through.ts';

/** How long a FIN is held, ms. */
const HELD_MS = 1000;

export default defineCase(import.meta.url, {
  title: "slow_close: a client's FIN comes late, and then the server closes as usual",
  level: 'robustness',
  refs: [
    {
      rfc: 9293,
      section: '3.6',
      quote: 'CLOSE is an operation meaning "I have no more data to send."',
    },
    { issue: 'haproxy/haproxy#958' },
  ],
  steps: [
    'Through a proxy with slow_close upstream: close the client, and look at the sockets.',
    'Wait for the FIN to reach the server.',
    'The same with slow_close downstream.',
  ],
  expected:
    'the server in ESTABLISHED while the FIN is held, then closed; not sooner than the delay; nothing left',
  why: 'Between the two FINs each side of the proxy sees another state. A server has to serve others meanwhile, and to let go when the FIN has come.',
  eitherFamily: true,
  lasts: { ms: 2 * HELD_MS, why: `a FIN is held for ${HELD_MS} ms in each direction` },
  ...onBoth(async (t) => {
    for (const stream of ['upstream', 'downstream'] as const) {
      const proxy = await proxyBefore(t, [{ type: 'slow_close', stream, attributes: { delay: HELD_MS } }]);
      const proxied = await proxy.client();
      await t.accepted(proxied.ends.server);
      const beganMs = performance.now();
      proxied.client.halfClose();
      if (stream === 'upstream' && !(await isOriginal(t, proxy)))
        await reach(
          proxied,
          { client: 'FIN_WAIT_2', front: 'CLOSE_WAIT', back: 'ESTABLISHED', server: 'ESTABLISHED' },
          HELD_MS,
        );
      if (stream === 'upstream')
        await t.confirm(
          proxied.ends.server,
          'ESTABLISHED',
          'shutdown() of a client whose FIN a proxy holds',
          0,
        );
      await t.othersServed(`while a FIN is held ${stream}`);
      await reach(proxied, { server: 'CLOSED' }, HELD_MS + t.patienceMs);
      const tookMs = performance.now() - beganMs;
      if (stream === 'upstream' && tookMs < HELD_MS)
        t.fault('states', `a FIN that is held for ${HELD_MS} ms arrived after ${tookMs.toFixed(0)} ms`);
      await served(t, proxy, `behind a slow close ${stream}`);
    }
    t.conclude(`the FIN is held for ${HELD_MS} ms, then the server closes`);
  }),
});
