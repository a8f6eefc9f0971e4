import { defineCase, proxyBefore } from '#case';
import { compareThrough, onBoth, upload } from './transfer.ts';

/** KB/s: what is transferred takes some tenths of a second. */
const RATE = 16_384;

export default defineCase(import.meta.url, {
  title: 'bandwidth: a large answer and a large request pass slowly, and whole',
  level: 'robustness',
  refs: [
    {
      rfc: 9293,
      section: '3.8.6',
      quote:
        'The window sent in each segment indicates the range of sequence numbers the sender of the window',
    },
    { issue: 'oven-sh/bun#35034' },
  ],
  steps: [
    `Read a large answer through a proxy that passes ${RATE} KB/s downstream.`,
    'Send a large request through one that passes as much upstream.',
  ],
  expected: 'the same answer as without the proxy, to the last byte; others served meanwhile',
  why: 'A slow link fills the send buffer: from then on write() takes less than it is given, and what a server does with the rest shows.',
  eitherFamily: true,
  needs: ['large'],
  lasts: { ms: 1000, why: 'the rate of the proxy' },
  ...onBoth(async (t) => {
    const down = await proxyBefore(t, [
      { type: 'bandwidth', stream: 'downstream', attributes: { rate: RATE } },
    ]);
    const bytes = await compareThrough(t, down, 'at a low rate');
    const up = await proxyBefore(t, [{ type: 'bandwidth', stream: 'upstream', attributes: { rate: RATE } }]);
    const sent = await upload(t, up, 'at a low rate');
    t.conclude(`${bytes} bytes come whole at ${RATE} KB/s${sent}`);
  }),
});
