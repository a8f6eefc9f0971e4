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
import { BACKLOG, configure } from './configuration.ts';

const hello = httpReply(200, 'hello\\n');

export const nginx: TargetProgram = {
  name: 'nginx',
  title: 'nginx with one worker',
  install: 'apt-get install nginx-light',
  ports: ['deferred'],
  find: () => findProgram('nginx', ['-v'], /^nginx version: \w+\/([\d.]+)/m),
  plan: (context, { program, version }) => ({
    command: [program, '-p', `${context.folder}/`, '-c', 'nginx.conf', ...earlyLog(version)],
    files: {
      'nginx.conf': configure(context),
      'html/64k': Buffer.alloc(WINDOW_FILLING, 'x'),
      'html/large': Buffer.alloc(LARGE, 'x'),
      'html/slow': 'slow\n',
      'temp/.keep': '',
    },
  }),
  ready: 'listen',
  greeting: { send: httpRequest({ path: '/' }), reply: hello },
  traits: {
    closesFirst: { send: httpRequest({ path: '/', version: '1.0' }), reply: hello },
    largeThenCloses: { send: httpRequest({ path: '/64k', version: '1.0' }), bytes: WINDOW_FILLING },
    closesOnFin: true,
    dials: { send: ({ address }) => httpRequest({ path: address.includes(':') ? '/dial6' : '/dial4' }) },
    defersAccept: { port: 'deferred' },
    large: largeHttpExchange({ path: '/large' }, LARGE),
    slow: {
      send: httpRequest({ path: '/application/slow' }),
      reply: httpReply(200, 'slow\\n'),
      afterMs: 1000,
    },
    upload: (bytes) => ({
      send: httpRequest({ path: '/application/upload', body: 'x'.repeat(bytes) }),
      reply: httpReply(200, 'uploaded\\n'),
    }),
    refusesUpload: {
      send: httpRequest({ method: 'POST', path: '/refuse', headers: { 'Content-Length': String(LARGE) } }),
      reply: wholeHttpAnswer,
    },
    effect: {
      send: httpRequest({ path: '/application/run', body: 'run\n' }),
      count: { send: httpRequest({ path: '/application/runs' }), reply: wholeHttpAnswer },
      read: (received) => received.match(/^run$/gm)?.length ?? 0,
    },
    relay: {
      send: ({ address }) => httpRequest({ path: address.includes(':') ? '/relay6' : '/relay4' }),
      backend: HTTP_BACKEND,
      reply: httpReply(200, 'backend\\n'),
    },
    // client_body_timeout is set anew by each read, so that it bounds no body.
    timeouts: { idle: 1500, head: 2000, write: 2000 },
    backlog: BACKLOG,
    policy: {
      // proxy_ignore_client_abort is off by default: the connection to the application is closed with the client's.
      halfCloseSlow: 'close',
      halfCloseRelay: 'close',
      // RFC 9112 section 9.5: closure of an open connection is to be watched for, and answered promptly.
      idleFinMs: 1000,
      // nginx.org/en/docs/control.html: TERM is a fast shutdown, QUIT the graceful one.
      drain: 'reset',
      // nginx.org/en/docs/http/ngx_http_core_module.html: lingering_close, send_timeout and keepalive_timeout
      unreadData: 'linger',
      slowReader: 'evict',
      deadPeerIdleMs: 2000,
      deadPeerWritingMs: 3000,
    },
  },
};

/** Where it reports before it has read its configuration: by default a file that only root may write. */
function earlyLog(version: string): string[] {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return major * 1e6 + minor * 1e3 + patch >= 1_019_005 ? ['-e', 'stderr'] : [];
}
