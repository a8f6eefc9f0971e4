import {
  findProgram,
  HTTP_BACKEND,
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

const hello = httpReply(200, 'hello\\n');

/** In the background: sh starts others by vfork(), and a child that is stopped before its exec() keeps it from stopping too. */
const SLEEP = 'sleep 1 & wait; echo slow';

/** A request whose body ends early is begun, too: its program has to look. */
const RUN = 'test "$(wc -c)" = "$CONTENT_LENGTH" && echo run >>../runs; echo run';

/** A program of CGI, of /bin/sh: it finds itself in its own folder, and answers what `command` writes, whole. */
const program = (command: string): string => `answer=$(${command})
printf 'Content-Type: text/plain\nContent-Length: %d\n\n%s\n' $((\${#answer} + 1)) "$answer"
`;

export const lighttpd: TargetProgram = {
  name: 'lighttpd',
  title: 'lighttpd with CGI and mod_proxy',
  install: 'apt-get install lighttpd',
  ports: ['deferred'],
  find: () => findProgram('lighttpd', ['-v'], /^lighttpd\/([\d.]+)/m),
  plan: (context, installed) => ({
    command: [installed.program, '-D', '-f', 'lighttpd.conf'],
    files: {
      'lighttpd.conf': configure(context),
      'html/hello': 'hello\n',
      'html/64k': Buffer.alloc(WINDOW_FILLING, 'x'),
      'html/large': Buffer.alloc(LARGE, 'x'),
      'html/slow.sh': program(SLEEP),
      'html/upload.sh': program('wc -c'),
      'html/run.sh': program(RUN),
      'html/runs.sh': program('wc -l <../runs'),
      runs: '',
    },
  }),
  ready: 'listen',
  greeting: { send: httpRequest({ path: '/hello' }), reply: hello },
  traits: {
    closesFirst: { send: httpRequest({ path: '/hello', version: '1.0' }), reply: hello },
    largeThenCloses: { send: httpRequest({ path: '/64k', version: '1.0' }), bytes: WINDOW_FILLING },
    closesOnFin: true,
    dials: { send: ({ address }) => httpRequest({ path: address.includes(':') ? '/dial6' : '/dial4' }) },
    defersAccept: { port: 'deferred' },
    large: largeHttpExchange({ path: '/large' }, LARGE),
    slow: { send: httpRequest({ path: '/slow.sh' }), reply: httpReply(200, 'slow\\n'), afterMs: 1000 },
    upload: (bytes) => ({
      send: httpRequest({ path: '/upload.sh', body: 'x'.repeat(bytes) }),
      reply: httpReply(200, `${bytes}\\n`),
    }),
    refusesUpload: {
      send: httpRequest({ method: 'POST', path: '/refuse', headers: { 'Content-Length': String(LARGE) } }),
      reply: wholeHttpAnswer,
    },
    effect: {
      send: httpRequest({ path: '/run.sh', body: 'run\n' }),
      count: { send: httpRequest({ path: '/runs.sh' }), reply: wholeHttpAnswer },
      read: numberInHttpAnswer,
    },
    relay: {
      send: ({ address }) => httpRequest({ path: address.includes(':') ? '/dial6' : '/dial4' }),
      backend: HTTP_BACKEND,
      reply: httpReply(200, 'backend\\n'),
    },
    // max-read-idle is from byte to byte. When max-write-idle is over it closes, and lingers as below.
    timeouts: { idle: 2000, write: 9000 },
    backlog: BACKLOG,
    policy: {
      // RFC 9112 section 9.5: closure of an open connection is to be watched for, and answered promptly.
      idleFinMs: 1000,
      // connections.c: it lingers for HTTP_LINGER_TIMEOUT, 5 s, and looks once a second.
      finWait2Ms: 7000,
      // doc/initscripts.txt: SIGTERM terminates existing connections; SIGINT is the graceful stop.
      drain: 'reset',
      unreadData: 'linger',
      // max-keep-alive-idle and max-write-idle, in whole seconds; then it lingers.
      slowReader: 'evict',
      deadPeerIdleMs: 9000,
      deadPeerWritingMs: 9000,
    },
  },
};
