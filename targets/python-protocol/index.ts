import { findPython, lineCommands, planPython, type TargetProgram } from '#target';

export const pythonProtocol: TargetProgram = {
  name: 'python-protocol',
  title: 'Python asyncio.Protocol: lines obeyed or echoed, by callbacks',
  install: 'apt-get install python3',
  find: () => findPython(),
  plan: (context, installed) => planPython(import.meta.url, context, installed),
  ready: 'listen',
  greeting: lineCommands.greeting,
  traits: {
    ...lineCommands.traits,
    dials: { send: ({ address, port }) => `dial ${address} ${port}\n` },
    backlog: 16,
    policy: {
      // docs.python.org/3/library/asyncio-protocol.html: unless eof_received() returns true, the transport closes itself then,
      // once it has sent what it holds.
      halfClose: 'respond',
      halfCloseSlow: 'close',
      idleFinMs: 1000,
    },
  },
};
