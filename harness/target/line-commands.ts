import type { Exchange, Reply, Traits } from './contract.ts';
import { LARGE, WINDOW_FILLING } from './http-request.ts';

const largeReply: Reply = {
  test: (received) => received.length >= LARGE,
  toString: () => `${LARGE} bytes`,
};

/**
 * What the small servers beside their targets that speak no HTTP have in common. Each obeys the lines `large BYTES`, `slow MS`,
 * `upload BYTES` (which follow), `refuse` (what follows is not read), `run`, `runs` and `quit`, and sends back any other.
 */
export const lineCommands = {
  greeting: { send: 'hello\n', reply: /^hello\n$/ } satisfies Exchange,
  traits: {
    closesFirst: { send: 'quit\n', reply: /bye\n$/ },
    largeThenCloses: { send: `large ${WINDOW_FILLING}\nquit\n`, bytes: WINDOW_FILLING },
    closesOnFin: true,
    large: { send: `large ${LARGE}\n`, reply: largeReply, bytes: LARGE },
    slow: { send: 'slow 1000\n', reply: /^slow\n$/, afterMs: 1000 },
    upload: (bytes) => ({
      send: `upload ${bytes}\n${'x'.repeat(bytes)}`,
      reply: new RegExp(`^${bytes}\\n$`),
    }),
    refusesUpload: { send: 'refuse\n', reply: /^refused\n$/ },
    effect: { send: 'run\n', count: { send: 'runs\n', reply: /^\d+\n$/ }, read: Number },
  } satisfies Traits,
};
