import { defineCase, proxyBefore } from '#case';
import { onBoth, served } from './through.ts';

/** ms */
const LATENCY_MS = 100;

export default defineCase(import.meta.url, {
  title: 'latency: request and answer come late, and whole',
  level: 'robustness',
  refs: [
    {
      rfc: 9293,
      section: '3.8',
      quote: 'After establishment, packets may be delayed',
    },
    { issue: 'elastic/elasticsearch#11466' },
  ],
  steps: [
    `Greet through a proxy with ${LATENCY_MS} ms of latency upstream.`,
    `Greet through one with ${LATENCY_MS} ms downstream.`,
    'Update the latency to nothing while a connection is open, and greet again.',
  ],
  expected: 'the answer is whole, and not sooner than the latency; without it as quick as without a proxy',
  why: 'What works on one machine may take a delay for the end.',
  eitherFamily: true,
  lasts: { ms: 4 * LATENCY_MS, why: `each way takes ${LATENCY_MS} ms longer` },
  ...onBoth(async (t) => {
    for (const stream of ['upstream', 'downstream'] as const) {
      const proxy = await proxyBefore(t, [
        { type: 'latency', name: 'late', stream, attributes: { latency: LATENCY_MS } },
      ]);
      const tookMs = await served(t, proxy, `with latency ${stream}`);
      const isAsked = (t.target.greeting?.send.length ?? 0) > 0;
      // Whoever speaks first has begun before we looked at the clock.
      if (isAsked && tookMs < LATENCY_MS - 1)
        t.fault('application', `an answer that is ${LATENCY_MS} ms late came after ${tookMs.toFixed(1)} ms`);
      await proxy.update('late', { attributes: { latency: 0 } });
      await served(t, proxy, `with latency ${stream} set to nothing`);
    }
    t.conclude('the answer is late by the latency, and whole');
  }),
});
