import { planNodeServer, thisNode, type TargetProgram } from '#target';

/** Large enough to fill any client's small window, small enough for every kernel's first send buffer, bytes. */
const LARGE = 64 * 1024;

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
    largeThenCloses: { send: `large ${LARGE}\nquit\n`, bytes: LARGE },
    closesOnFin: true,
    dials: { send: ({ address, port }) => `dial ${address} ${port}\n`, undo: 'undial\n' },
  },
};
