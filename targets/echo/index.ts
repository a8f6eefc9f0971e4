import { LARGE, planNodeServer, thisNode, WINDOW_FILLING, type Reply, type TargetProgram } from '#target';

const largeReply: Reply = {
  test: (received) => received.length >= LARGE,
  toString: () => `${LARGE} bytes`,
};

export const echo: TargetProgram = {
  name: 'echo',
  title: 'sends back what it receives: node:net, half-open connections allowed',
  install: '',
  find: thisNode,
  plan: (context, installed) => planNodeServer(import.meta.url, context, installed),
  ready: 'listen',
  greeting: { send: 'hello\n', reply: /^hello\n$/ },
  traits: {
    closesFirst: { send: 'quit\n', reply: /bye\n$/ },
    shutsFirst: { send: 'shut\n', reply: /bye\n$/ },
    largeThenCloses: { send: `large ${WINDOW_FILLING}\nquit\n`, bytes: WINDOW_FILLING },
    closesOnFin: true,
    dials: { send: ({ address, port }) => `dial ${address} ${port}\n`, undo: 'undial\n' },
    large: { send: `large ${LARGE}\n`, reply: largeReply, bytes: LARGE },
    slow: { send: 'slow 1000\n', reply: /^slow\n$/, afterMs: 1000 },
    upload: (bytes) => ({ send: `upload\n${'x'.repeat(bytes)}\n`, reply: new RegExp(`^${bytes + 1}\\n$`) }),
    refusesUpload: { send: 'shut\n', reply: /^bye\n$/ },
    effect: {
      send: 'run\n',
      count: { send: 'runs\n', reply: /^\d+\n$/ },
      read: Number,
    },
    relay: {
      send: ({ address, port }) => `relay ${address} ${port}\nping\n`,
      backend: 'pong\n',
      reply: /^pong\n$/,
    },
    backlog: 16,
    // It is the sound example, and written so.
    policy: {
      halfClose: 'respond',
      halfCloseSlow: 'respond',
      halfCloseRelay: 'respond',
      idleFinMs: 1000,
      finWait2Ms: 1000,
      drain: 'reset',
      slowReader: 'keep',
      deadPeerIdleMs: 'never',
      deadPeerWritingMs: 'never',
    },
  },
};
