import {
  bracketed,
  HTTP_BACKEND,
  httpReply,
  httpRequest,
  LARGE,
  largeHttpExchange,
  numberInHttpAnswer,
  planNodeServer,
  thisNode,
  wholeHttpAnswer,
  WINDOW_FILLING,
  type TargetProgram,
} from '#target';

const CLOSE = { Connection: 'close' };

const hello = httpReply(200, 'hello\\n');

export const http: TargetProgram = {
  name: 'http',
  title: 'a web server: node:http with short time-outs',
  install: '',
  find: thisNode,
  plan: (context, installed) => planNodeServer(import.meta.url, context, installed),
  ready: 'listen',
  greeting: { send: httpRequest({ path: '/' }), reply: hello },
  traits: {
    closesFirst: { send: httpRequest({ path: '/', headers: CLOSE }), reply: hello },
    largeThenCloses: {
      send: httpRequest({ path: `/large?bytes=${WINDOW_FILLING}`, headers: CLOSE }),
      bytes: WINDOW_FILLING,
    },
    closesOnFin: true,
    dials: {
      send: ({ address, port }) => httpRequest({ path: `/dial?to=${bracketed(address)}:${port}` }),
    },
    large: largeHttpExchange({ path: `/large?bytes=${LARGE}` }, LARGE),
    slow: { send: httpRequest({ path: '/slow?ms=1000' }), reply: httpReply(200, 'slow\\n'), afterMs: 1000 },
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
    relay: {
      send: ({ address, port }) => httpRequest({ path: `/dial?to=${bracketed(address)}:${port}` }),
      backend: HTTP_BACKEND,
      reply: httpReply(200, '[^]*backend\\n[^]*'),
    },
    timeouts: { idle: 2000, head: 2000, body: 2000 },
    backlog: 16,
    policy: {
      // RFC 9112 section 9.5: closure of an open connection is to be watched for, and answered promptly.
      idleFinMs: 1000,
      // It calls closeAllConnections().
      drain: 'reset',
      // lib/_http_server.js, socketOnEnd(): the socket is ended at once.
      halfCloseSlow: 'close',
      halfCloseRelay: 'close',
      deadPeerIdleMs: 2000,
      // nodejs.org/api/http.html, server.timeout: by default sockets do not time out.
      slowReader: 'keep',
      deadPeerWritingMs: 'never',
    },
  },
};
