import {
  findProgram,
  HTTP_BACKEND,
  httpReply,
  httpRequest,
  LARGE,
  largeHttpExchange,
  wholeHttpAnswer,
  WINDOW_FILLING,
  type TargetProgram,
} from '#target';
import { configure } from './configuration.ts';

const hello = httpReply(200, 'hello\\n');

export const caddy: TargetProgram = {
  name: 'caddy',
  title: 'Caddy: file server and reverse proxy',
  install: 'apt-get install caddy',
  find: () => findProgram('caddy', ['version'], /^v?(\d[\d.]+)/m),
  plan: (context, { program }) => ({
    command: [program, 'run', '--config', 'Caddyfile', '--adapter', 'caddyfile'],
    files: {
      Caddyfile: configure(context),
      'html/hello': 'hello\n',
      'html/64k': Buffer.alloc(WINDOW_FILLING, 'x'),
      'html/large': Buffer.alloc(LARGE, 'x'),
      'html/runs': '',
    },
  }),
  ready: 'listen',
  greeting: { send: httpRequest({ path: '/hello' }), reply: hello },
  traits: {
    closesFirst: { send: httpRequest({ path: '/hello', version: '1.0' }), reply: hello },
    largeThenCloses: { send: httpRequest({ path: '/64k', version: '1.0' }), bytes: WINDOW_FILLING },
    closesOnFin: true,
    dials: { send: ({ address }) => httpRequest({ path: address.includes(':') ? '/dial6' : '/dial4' }) },
    large: largeHttpExchange({ path: '/large' }, LARGE),
    slow: { send: httpRequest({ path: '/application/slow' }), reply: httpReply(200, 'slow'), afterMs: 1000 },
    upload: (bytes) => ({
      send: httpRequest({ path: '/application/upload', body: 'x'.repeat(bytes) }),
      reply: httpReply(200, 'done'),
    }),
    refusesUpload: {
      send: httpRequest({ method: 'POST', path: '/refuse', headers: { 'Content-Length': String(LARGE) } }),
      reply: wholeHttpAnswer,
    },
    effect: {
      send: httpRequest({ path: '/application/run', body: 'run\n' }),
      count: { send: httpRequest({ path: '/runs' }), reply: wholeHttpAnswer },
      read: (received) => received.split('\n').filter((line) => line.includes('/application/run')).length,
    },
    relay: {
      send: ({ address }) => httpRequest({ path: address.includes(':') ? '/dial6' : '/dial4' }),
      backend: HTTP_BACKEND,
      reply: httpReply(200, 'backend\\n'),
    },
    timeouts: { idle: 1500, head: 2000, body: 2000, write: 2000 },
    policy: {
      // RFC 9112 section 9.5: closure of an open connection is to be watched for, and answered promptly.
      idleFinMs: 1000,
      // caddyserver.com/docs/caddyfile/options, grace_period: for so long requests under way are waited for.
      drain: 'drain',
      // caddyserver.com/docs/caddyfile/options, timeouts: idle and write
      slowReader: 'evict',
      deadPeerIdleMs: 2000,
      deadPeerWritingMs: 3000,
    },
  },
};
