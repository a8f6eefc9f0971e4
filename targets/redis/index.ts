import { findProgram, type StartContext, type TargetProgram } from '#target';

/** Large enough to fill any client's small window, small enough for every kernel's first send buffer, bytes. */
const LARGE = 64 * 1024;

export const redis: TargetProgram = {
  name: 'redis',
  title: 'redis-server without persistence',
  install: 'apt-get install redis-server',
  find: () => findProgram('redis-server', ['--version'], /\bv=([\d.]+)/),
  plan: (context, { program }) => ({ command: [program, ...options(context)] }),
  ready: 'listen',
  greeting: { send: 'PING\r\n', reply: /^\+PONG\r\n$/ },
  traits: {
    closesFirst: { send: 'QUIT\r\n', reply: /^\+OK\r\n$/ },
    largeThenCloses: { send: `SETRANGE large ${LARGE - 1} x\r\nGET large\r\nQUIT\r\n`, bytes: LARGE },
    closesOnFin: true,
    dials: {
      send: ({ address, port }) => `REPLICAOF ${address} ${port}\r\n`,
      undo: 'REPLICAOF NO ONE\r\n',
    },
  },
};

function options({ addresses, ports, folder }: StartContext): string[] {
  const settings: Readonly<Record<string, readonly string[]>> = {
    bind: addresses,
    port: [String(ports['main'])],
    'protected-mode': ['no'],
    dir: [folder],
    save: [''],
    appendonly: ['no'],
  };
  return Object.entries(settings).flatMap(([name, words]) => [`--${name}`, ...words]);
}
