import {
  asOrdinaryUser,
  endsWith,
  findProgram,
  LARGE,
  WINDOW_FILLING,
  type StartContext,
  type TargetProgram,
} from '#target';

/** The backlog that it gives to listen(). */
const BACKLOG = 16;

/**
 * Seconds for which a connection may send no whole command, the least that it takes. It counts whole ones, and looks after
 * twice that: it closes after two to four.
 */
const IDLE_TIMEOUT_S = 1;
const IDLE_MS = 3000;

/** A command whose answer is one value, again and again: it stores a small one before. */
function large(bytes: number, key: string, size: number): string {
  const value = `${'x'.repeat(size)}\r\n`;
  const count = Math.ceil(bytes / `VALUE ${key} 0 ${size}\r\n${value}`.length);
  return `set ${key} 0 0 ${size} noreply\r\n${value}get${` ${key}`.repeat(count)}\r\n`;
}

export const memcached: TargetProgram = {
  name: 'memcached',
  title: 'memcached with one thread',
  install: 'apt-get install memcached',
  find: () => findProgram('memcached', ['-V'], /^memcached ([\d.]+)/m),
  plan: (context, { program }) => ({ command: asOrdinaryUser([program, ...options(context)]) }),
  ready: 'listen',
  greeting: { send: 'version\r\n', reply: /^VERSION .+\r\n$/ },
  traits: {
    closesFirst: { send: 'version\r\nquit\r\n', reply: /^VERSION .+\r\n$/ },
    largeThenCloses: { send: `${large(WINDOW_FILLING, 's', 256)}quit\r\n`, bytes: WINDOW_FILLING },
    closesOnFin: true,
    large: { send: large(LARGE, 'l', 4096), bytes: LARGE, reply: endsWith('END\r\n', LARGE) },
    upload: (bytes) => ({
      send: `set upload 0 0 ${bytes}\r\n${'x'.repeat(bytes)}\r\n`,
      reply: /^STORED\r\n$/,
    }),
    // Longer than its number for the length can be. What is only larger than -I is read to its end first.
    refusesUpload: {
      send: `set refused 0 0 ${2 ** 31}\r\n`,
      reply: /^CLIENT_ERROR bad command line format\r\n/,
    },
    effect: {
      // Made at the first time, as 1.
      send: 'ma runs N0 J1\r\n',
      count: { send: 'get runs\r\n', reply: /END\r\n$/ },
      read: (received) => Number(/\n(\d+)/.exec(received)?.[1] ?? 0),
    },
    timeouts: { idle: IDLE_MS, head: IDLE_MS },
    backlog: BACKLOG,
  },
};

function options({ addresses, ports }: StartContext): string[] {
  const words: Readonly<Record<string, string>> = {
    '-l': addresses.join(','),
    '-p': String(ports['main']),
    '-b': String(BACKLOG),
    '-t': '1',
    '-I': '16m',
    '-o': `idle_timeout=${IDLE_TIMEOUT_S}`,
  };
  return Object.entries(words).flat();
}
