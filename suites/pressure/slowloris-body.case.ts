import { defineCase } from '#case';
import { drip } from './drip.ts';

/** Length of the body that is announced. */
const BODY_BYTES = 4096;

export default defineCase(import.meta.url, {
  title: 'Clients send the body of a request byte by byte, and never all of it',
  level: 'policy',
  refs: [
    {
      rfc: 9110,
      section: '15.5.9',
      quote:
        'The 408 (Request Timeout) status code indicates that the server did not receive a complete request message within the time that it was prepared to wait.',
    },
    { issue: 'akka/akka-http#813' },
  ],
  needs: ['upload'],
  eitherFamily: true,
  steps: [
    'Ten clients connect, send a whole head that announces a body, and a byte of the body each 200 ms.',
    'Another client is served.',
    'Wait until the server closes them, or answers 408.',
  ],
  expected: 'each of them is closed or answered by the deadline that the target declares, others are served',
  why: 'As with a head that drips: a time-out from byte to byte does not end it, a deadline for the whole body or a least rate does.',
  lasts: { ms: 3000, why: "the server's deadline for the body of a request" },
  wire: async (t) => {
    const { send } = t.trait('upload')(BODY_BYTES);
    const request = typeof send === 'string' ? send : Buffer.from(send).toString('latin1');
    const head = request.length - BODY_BYTES;
    const boundMs = t.target.traits.timeouts?.body;
    const parts = { start: request.slice(0, head), rest: request.slice(head) };
    const { tookMs, waitedMs, how } = await drip(t, parts, boundMs);
    t.bound(
      'timeouts.body',
      boundMs,
      tookMs,
      `clients that drip are closed or answered 408: ${how}`,
      waitedMs,
    );
  },
});
