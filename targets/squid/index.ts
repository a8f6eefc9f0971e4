import {
  bracketed,
  findProgram,
  HTTP_BACKEND,
  httpReply,
  httpRequest,
  inOwnSharedMemory,
  LARGE,
  largeHttpExchange,
  numberInHttpAnswer,
  wholeHttpAnswer,
  WINDOW_FILLING,
  type TargetProgram,
} from '#target';
import { configure, HELPERS, iconPath, iconTable } from './configuration.ts';

/** A request to a proxy. @param server left out: the proxy itself is to answer */
const get = (path: string, version: '1.0' | '1.1' = '1.1', server = 'closewait'): string =>
  httpRequest({ path: `http://${server}${path}`, version });

const hello = httpReply(403, 'hello\\n');

export const squid: TargetProgram = {
  name: 'squid',
  title: 'Squid as a forward proxy, without a cache',
  install: 'apt-get install squid',
  find: () => findProgram('squid', ['-v'], /^Squid Cache: Version ([\d.]+)/m),
  plan: (context, { program }) => ({
    command: inOwnSharedMemory([program, '-N', '-f', `${context.folder}/squid.conf`]),
    files: {
      'squid.conf': configure(context),
      'errors/ERR_hello': 'hello\n',
      'errors/ERR_slow': 'slow\n',
      'errors/ERR_run': 'run\n',
      'errors/ERR_runs': '%o\n',
      'icons/64k.txt': Buffer.alloc(WINDOW_FILLING, 'x'),
      'icons/large.txt': Buffer.alloc(LARGE, 'x'),
      'mime.conf': iconTable(['64k', 'large']),
      ...Object.fromEntries(Object.entries(HELPERS).map(([name, text]) => [`${name}.sh`, text])),
      runs: '',
    },
  }),
  ready: 'listen',
  greeting: { send: get('/'), reply: hello },
  traits: {
    closesFirst: { send: get('/', '1.0'), reply: hello },
    largeThenCloses: { send: get(iconPath('64k'), '1.0'), bytes: WINDOW_FILLING },
    closesOnFin: true,
    dials: { send: ({ address, port }) => get('/', '1.1', `${bracketed(address)}:${port}`) },
    large: largeHttpExchange({ path: `http://closewait${iconPath('large')}` }, LARGE),
    slow: { send: get('/slow'), reply: httpReply(403, 'slow\\n'), afterMs: 1000 },
    refusesUpload: {
      send: httpRequest({
        method: 'POST',
        path: 'http://closewait/',
        headers: { 'Content-Length': String(LARGE) },
      }),
      reply: wholeHttpAnswer,
    },
    effect: {
      send: get('/run'),
      count: { send: get('/runs'), reply: wholeHttpAnswer },
      read: numberInHttpAnswer,
    },
    relay: {
      send: ({ address, port }) => get('/', '1.1', `${bracketed(address)}:${port}`),
      backend: HTTP_BACKEND,
      reply: httpReply(200, 'backend\\n'),
    },
    // It looks at them once a second.
    timeouts: { idle: 2000, head: 3000, write: 3000 },
    policy: {
      // squid.conf, half_closed_clients: by default a client is closed at once when read() finds the end.
      halfCloseSlow: 'close',
      halfCloseRelay: 'close',
      // RFC 9112 section 9.5: closure of an open connection is to be watched for, and answered promptly.
      idleFinMs: 1000,
      // squid.conf, client_idle_pconn_timeout and write_timeout; it looks at them once a second.
      slowReader: 'evict',
      deadPeerIdleMs: 3000,
      deadPeerWritingMs: 3000,
    },
  },
};
