import { join } from 'node:path';
import {
  asOrdinaryUser,
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
const program = (command: string): string => `#!/bin/sh
answer=$(${command})
printf 'Content-Type: text/plain\nContent-Length: %d\n\n%s\n' $((\${#answer} + 1)) "$answer"
`;

export const httpd: TargetProgram = {
  name: 'httpd',
  title: 'Apache httpd, MPM event, with CGI and mod_proxy',
  install: 'apt-get install apache2-bin',
  ports: ['deferred'],
  find: () => findProgram('apache2', ['-v'], /^Server version: Apache\/([\d.]+)/m),
  plan: (context, installed) => {
    const { folder } = context;
    const modules = join(installed.program, '../../lib/apache2/modules');
    const server = [installed.program, '-d', folder, '-f', 'httpd.conf', '-D', 'FOREGROUND'] as const;
    return {
      command: ['/bin/sh', '-c', 'chmod +x cgi/* && exec "$@"', 'sh', ...asOrdinaryUser(server)],
      files: {
        'httpd.conf': configure(context, modules),
        'html/hello': 'hello\n',
        'html/64k': Buffer.alloc(WINDOW_FILLING, 'x'),
        'html/large': Buffer.alloc(LARGE, 'x'),
        'cgi/slow': program(SLEEP),
        'cgi/upload': program('wc -c'),
        'cgi/run': program(RUN),
        'cgi/runs': program('wc -l <../runs'),
        runs: '',
      },
    };
  },
  ready: 'listen',
  greeting: { send: httpRequest({ path: '/hello' }), reply: hello },
  traits: {
    closesFirst: { send: httpRequest({ path: '/hello', version: '1.0' }), reply: hello },
    largeThenCloses: {
      send: httpRequest({ path: '/64k', version: '1.0' }),
      bytes: WINDOW_FILLING,
    },
    closesOnFin: true,
    dials: { send: ({ address }) => httpRequest({ path: address.includes(':') ? '/dial6' : '/dial4' }) },
    defersAccept: { port: 'deferred' },
    large: largeHttpExchange({ path: '/large' }, LARGE),
    slow: { send: httpRequest({ path: '/cgi/slow' }), reply: httpReply(200, 'slow\\n'), afterMs: 1000 },
    upload: (bytes) => ({
      send: httpRequest({ path: '/cgi/upload', body: 'x'.repeat(bytes) }),
      reply: httpReply(200, `${bytes}\\n`),
    }),
    refusesUpload: {
      send: httpRequest({ method: 'POST', path: '/refuse', headers: { 'Content-Length': String(LARGE) } }),
      reply: wholeHttpAnswer,
    },
    effect: {
      send: httpRequest({ path: '/cgi/run', body: 'run\n' }),
      count: { send: httpRequest({ path: '/cgi/runs' }), reply: wholeHttpAnswer },
      read: numberInHttpAnswer,
    },
    relay: {
      send: ({ address }) => httpRequest({ path: address.includes(':') ? '/dial6' : '/dial4' }),
      backend: HTTP_BACKEND,
      reply: httpReply(200, 'backend\\n'),
    },
    timeouts: { idle: 1500, head: 2000, body: 2000, write: 2000 },
    backlog: BACKLOG,
    policy: {
      // RFC 9112 section 9.5: closure of an open connection is to be watched for, and answered promptly.
      idleFinMs: 1000,
      // server/mpm/event/event.c: it lingers for MAX_SECS_TO_LINGER, 30 s.
      finWait2Ms: 31_000,
      // httpd.apache.org/docs/2.4/stopping.html: on TERM requests in progress are terminated.
      drain: 'reset',
      // server/connection.c, ap_lingering_close()
      unreadData: 'linger',
      // httpd.apache.org/docs/2.4/mod/core.html: TimeOut is also for the acknowledgements of what it writes. Then, and after
      // KeepAliveTimeout, it lingers for SECONDS_TO_LINGER, 2 s.
      slowReader: 'evict',
      deadPeerIdleMs: 3500,
      deadPeerWritingMs: 4000,
    },
  },
};
