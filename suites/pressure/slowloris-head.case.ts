import { defineCase } from '#case';
import { drip } from './drip.ts';

export default defineCase(import.meta.url, {
  title: 'Clients send the head of a request byte by byte, and never all of it',
  level: 'policy',
  refs: [
    {
      rfc: 9110,
      section: '15.5.9',
      quote:
        'The 408 (Request Timeout) status code indicates that the server did not receive a complete request message within the time that it was prepared to wait.',
    },
    { issue: 'nodejs/node#26165' },
  ],
  eitherFamily: true,
  steps: [
    'Ten clients connect, and send a byte of a request each 200 ms, never the last one.',
    'Another client is served.',
    'Wait until the server closes them, or answers 408.',
  ],
  expected: 'each of them is closed or answered by the deadline that the target declares, others are served',
  why: 'A time-out from byte to byte never expires here: only a deadline for the whole head ends it. Each such client costs its sender next to nothing, and the server a connection.',
  lasts: { ms: 3000, why: "the server's deadline for the head of a request" },
  wire: async (t) => {
    const request = t.target.greeting?.send ?? '';
    const rest = typeof request === 'string' ? request : Buffer.from(request).toString('latin1');
    if (rest.length < 2)
      t.unsupported(`${t.target.info.name} has no request of which a part could be sent: it speaks first`);
    const boundMs = t.target.traits.timeouts?.head;
    const { tookMs, waitedMs, how } = await drip(t, { start: '', rest }, boundMs);
    t.bound(
      'timeouts.head',
      boundMs,
      tookMs,
      `clients that drip are closed or answered 408: ${how}`,
      waitedMs,
    );
  },
});
