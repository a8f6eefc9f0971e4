import {
  findProgram,
  LARGE,
  WINDOW_FILLING,
  type Reply,
  type StartContext,
  type TargetProgram,
} from '#target';

/** The backlog that it gives to listen(). */
const BACKLOG = 16;

/** Seconds after which it closes a connection on which neither side has got anything through. */
const TIMEOUT_S = 1;

/** A client's command with a value, as RESP writes it. */
const set = (bytes: number): string => `*3\r\n$3\r\nSET\r\n$6\r\nupload\r\n$${bytes}\r\n`;

const largeReply: Reply = {
  test: (received) => received.length > LARGE && received.endsWith('x\r\n'),
  toString: () => `a value of ${LARGE} bytes`,
};

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
    largeThenCloses: {
      send: `SETRANGE 64k ${WINDOW_FILLING - 1} x\r\nGET 64k\r\nQUIT\r\n`,
      bytes: WINDOW_FILLING,
    },
    closesOnFin: true,
    dials: {
      send: ({ address, port }) => `REPLICAOF ${address} ${port}\r\n`,
      undo: 'REPLICAOF NO ONE\r\n',
    },
    large: { send: `SETRANGE large ${LARGE - 1} x\r\nGET large\r\n`, bytes: LARGE, reply: largeReply },
    slow: { send: 'BLPOP nothing 1\r\n', reply: /^\*-1\r\n$/, afterMs: 1000 },
    upload: (bytes) => ({ send: `${set(bytes)}${'x'.repeat(bytes)}\r\n`, reply: /^\+OK\r\n$/ }),
    // Longer than proto-max-bulk-len lets a value be.
    refusesUpload: { send: set(2 ** 40), reply: /^-ERR Protocol error.*\r\n$/ },
    effect: {
      send: 'INCR runs\r\n',
      count: { send: 'GET runs\r\n', reply: /^\$(-1|\d+\r\n\d+)\r\n$/ },
      read: (received) => Number(/\n(\d+)/.exec(received)?.[1] ?? 0),
    },
    // It looks at its clients once a second, and only at whether anything came: a command that drips is not bounded.
    timeouts: { idle: (TIMEOUT_S + 1) * 1000, write: (TIMEOUT_S + 1) * 1000 },
    backlog: BACKLOG,
    policy: {
      // networking.c, readQueryFromClient(): a client whose end has been read is freed at once (issue 915).
      halfCloseSlow: 'close',
      idleFinMs: 1000,
      // redis.conf, timeout: a client is closed when it has been idle for so many seconds.
      slowReader: 'evict',
      deadPeerIdleMs: (TIMEOUT_S + 1) * 1000,
      deadPeerWritingMs: (TIMEOUT_S + 1) * 1000,
    },
  },
};

function options({ addresses, ports, folder }: StartContext): string[] {
  const settings: Readonly<Record<string, readonly string[]>> = {
    bind: addresses,
    port: [String(ports['main'])],
    'tcp-backlog': [String(BACKLOG)],
    timeout: [String(TIMEOUT_S)],
    'protected-mode': ['no'],
    dir: [folder],
    save: [''],
    appendonly: ['no'],
  };
  return Object.entries(settings).flatMap(([name, words]) => [`--${name}`, ...words]);
}
