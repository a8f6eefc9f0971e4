import { defineCase } from '#case';
import { resetAt } from './rst.ts';

/** The client reads so much of the answer, and its window is no larger, bytes. */
const WINDOW = 4096;

export default defineCase(import.meta.url, {
  title: 'A client resets in the middle of an answer',
  level: 'robustness',
  refs: [
    {
      rfc: 9293,
      section: '3.10.7.4',
      quote:
        'If the RST bit is set, then any outstanding RECEIVEs and SEND should receive "reset" responses.',
    },
    { issue: 'paperclipai/paperclip#11816' },
  ],
  steps: [
    'Ask for a large answer, and read the first bytes of it.',
    'Reset the connection; five times.',
    'Others are served meanwhile and after.',
  ],
  expected: 'ESTABLISHED → CLOSED; the process lives, others are served, nothing is left of the connection',
  why: 'The next write fails with ECONNRESET or EPIPE, and raises SIGPIPE. Where nobody expects that, the process dies, or the descriptor is forgotten.',
  needs: ['large'],
  wire: (t) =>
    resetAt(t, 'in the middle of an answer', async (peer) => {
      const { send } = t.trait('large');
      peer.window = WINDOW;
      peer.data(send);
      const { end } = await peer.outcome(t.patienceMs, (bytes) => bytes.length >= WINDOW);
      if (end !== null) t.fail('application', `the server ends its answer by ${end} instead of giving it`);
    }),
  loopbackLacks: 'it needs a client whose window it can choose',
});
