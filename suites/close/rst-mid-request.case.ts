import { defineCase } from '#case';
import { resetAt } from './rst.ts';

/** Of a body so much is announced, bytes. */
const BODY = 64 * 1024;
/** Of it so much is sent: what fits into one segment with the head. */
const SENT = 1000;

export default defineCase(import.meta.url, {
  title: 'A client resets in the middle of a request',
  level: 'robustness',
  refs: [
    {
      rfc: 9293,
      section: '3.10.7.4',
      quote:
        'If the RST bit is set, then any outstanding RECEIVEs and SEND should receive "reset" responses.',
    },
    { issue: 'MariaDB/server#2413' },
  ],
  steps: [
    'Send the beginning of a request with a body, or half of any request.',
    'Reset the connection; five times.',
    'Others are served meanwhile and after.',
  ],
  expected: 'ESTABLISHED → CLOSED; the process lives, others are served, nothing is left of the connection',
  why: 'The server waits for more, in a parser or a handler. The error of its read has to reach whoever holds the connection.',
  wire: (t) => {
    const { greeting, traits } = t.target;
    const { send } = traits.upload?.(BODY) ?? greeting ?? traits.closesFirst ?? { send: '' };
    if (send.length === 0) t.unsupported('nothing is known that a client sends first');
    const part = send.slice(0, traits.upload === undefined ? Math.ceil(send.length / 2) : SENT);
    return resetAt(t, 'in the middle of a request', async (peer) => {
      await t.accepted(peer);
      peer.data(part);
    });
  },
  loopbackLacks: 'it is done with packets in our hands alone',
});
