import {
  findProgram,
  httpReply,
  httpRequest,
  LARGE,
  largeHttpExchange,
  numberInHttpAnswer,
  wholeHttpAnswer,
  WINDOW_FILLING,
  type TargetProgram,
} from '#target';
import { BACKLOG, configure } from './configuration.ts';
import { SERVICES } from './services.ts';

const hello = httpReply(200, 'hello\\n');

export const haproxy: TargetProgram = {
  name: 'haproxy',
  title: 'HAProxy with one thread: HTTP, and TCP on its port relay',
  install: 'apt-get install haproxy',
  ports: ['relay', 'deferred'],
  find: () => findProgram('haproxy', ['-v'], /^HAProxy version ([\d.]+)/m),
  plan: (context, { program }) => ({
    command: [program, '-db', '-f', 'haproxy.cfg'],
    files: { 'haproxy.cfg': configure(context), 'services.lua': SERVICES },
  }),
  ready: 'listen',
  greeting: { send: httpRequest({ path: '/' }), reply: hello },
  traits: {
    closesFirst: { send: httpRequest({ path: '/', version: '1.0' }), reply: hello },
    largeThenCloses: {
      send: httpRequest({ path: `/large?${WINDOW_FILLING}`, version: '1.0' }),
      bytes: WINDOW_FILLING,
    },
    closesOnFin: true,
    dials: { send: ({ address }) => httpRequest({ path: address.includes(':') ? '/dial6' : '/dial4' }) },
    defersAccept: { port: 'deferred' },
    large: largeHttpExchange({ path: `/large?${LARGE}` }, LARGE),
    slow: { send: httpRequest({ path: '/slow' }), reply: httpReply(200, 'slow\\n'), afterMs: 1000 },
    upload: (bytes) => ({
      send: httpRequest({ path: '/upload', body: 'x'.repeat(bytes) }),
      reply: httpReply(200, `${bytes}\\n`),
    }),
    refusesUpload: {
      send: httpRequest({ method: 'POST', path: '/refuse', headers: { 'Content-Length': String(LARGE) } }),
      reply: wholeHttpAnswer,
    },
    effect: {
      send: httpRequest({ path: '/run', body: 'run\n' }),
      count: { send: httpRequest({ path: '/runs' }), reply: wholeHttpAnswer },
      read: numberInHttpAnswer,
    },
    relay: { port: 'relay', send: () => 'ping\n', backend: 'pong\n', reply: /^pong\n$/ },
    // None is for a whole body. An answer that is not read is ended by that for the client, twice: of the stream, and of what
    // is left in the connection's buffer.
    timeouts: { idle: 1500, head: 2000, write: 4000 },
    backlog: BACKLOG,
    policy: {
      // configuration.txt, option abortonclose: without it a client that has closed its sending side is answered.
      halfClose: 'respond',
      halfCloseSlow: 'respond',
      halfCloseRelay: 'respond',
      // RFC 9112 section 9.5: closure of an open connection is to be watched for, and answered promptly.
      idleFinMs: 1000,
      // management.txt section 4: on SIGTERM it quits at once, and all established connections are closed.
      drain: 'reset',
      // configuration.txt: timeout http-keep-alive, and timeout client for a client that is to acknowledge data
      slowReader: 'evict',
      deadPeerIdleMs: 2000,
      deadPeerWritingMs: 4000,
    },
  },
};
