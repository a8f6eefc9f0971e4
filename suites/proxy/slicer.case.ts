import { defineCase, proxyBefore } from '#case';
import { compareThrough, onBoth, upload } from './transfer.ts';
import { served } from './through.ts';

/** Bytes; a request is cut within its first line. */
const SLICE = 7;

export default defineCase(import.meta.url, {
  title: 'slicer: a request comes in small pieces, an answer goes out in pieces',
  level: 'robustness',
  refs: [
    {
      rfc: 9293,
      section: '3.9.1',
      quote: 'the TCP endpoint may also aggregate or segment',
    },
    { issue: 'aio-libs/aiohttp#3659' },
  ],
  steps: [
    `Greet through a proxy that cuts what the client sends into pieces of about ${SLICE} bytes.`,
    'Read a large answer through one that cuts it into pieces of about 1 KiB.',
    'Send a large request through one that cuts that.',
  ],
  expected: 'the same answers as without the proxy',
  why: 'TCP has no messages: a read() may end anywhere, also within a line or a number.',
  eitherFamily: true,
  ...onBoth(async (t) => {
    const cut = await proxyBefore(t, [
      {
        type: 'slicer',
        stream: 'upstream',
        attributes: { average_size: SLICE, size_variation: 3, delay: 1000 },
      },
    ]);
    await served(t, cut, `with a request in pieces of ${SLICE} bytes`);
    const pieces = { average_size: 1024, size_variation: 512, delay: 0 };
    const down = await proxyBefore(t, [{ type: 'slicer', stream: 'downstream', attributes: pieces }]);
    const bytes = t.target.traits.large === undefined ? 0 : await compareThrough(t, down, 'in pieces');
    const up = await proxyBefore(t, [{ type: 'slicer', stream: 'upstream', attributes: pieces }]);
    const sent = await upload(t, up, 'in pieces');
    t.conclude(`a request in pieces is answered${bytes === 0 ? '' : `; ${bytes} bytes come whole`}${sent}`);
  }),
});
