import { findPython, lineCommands, planPython, type TargetProgram } from '#target';

export const pythonAsyncio: TargetProgram = {
  name: 'python-asyncio',
  title: 'Python asyncio.start_server: lines obeyed or echoed, by streams',
  install: 'apt-get install python3',
  find: () => findPython(),
  plan: (context, installed) => planPython(import.meta.url, context, installed),
  ready: 'listen',
  greeting: lineCommands.greeting,
  traits: {
    ...lineCommands.traits,
    dials: { send: ({ address, port }) => `relay ${address} ${port}\n` },
    relay: {
      send: ({ address, port }) => `relay ${address} ${port}\nping\n`,
      backend: 'pong\n',
      reply: /^pong\n$/,
    },
    backlog: 16,
  },
};
