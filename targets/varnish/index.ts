import { join } from 'node:path';
import {
  bracketed,
  findProgram,
  HTTP_BACKEND,
  httpReply,
  httpRequest,
  LARGE,
  largeHttpExchange,
  numberInHttpAnswer,
  wholeHttpAnswer,
  WINDOW_FILLING,
  type StartContext,
  type TargetProgram,
} from '#target';
import { configure } from './configuration.ts';

const hello = httpReply(200, 'hello\\n');

const PARAMETERS = {
  listen_depth: 16,
  thread_pools: 1,
  timeout_idle: 1.5,
  idle_send_timeout: 2,
  // For a whole answer.
  send_timeout: 4,
};

export const varnish: TargetProgram = {
  name: 'varnish',
  title: 'Varnish Cache, answering from VCL',
  install: 'apt-get install varnish',
  find: () => findProgram('varnishd', ['-V'], /^varnishd \(varnish-([\d.]+)/m),
  plan: (context, { program }) => ({
    command: [program, '-F', ...options(context)],
    files: {
      'closewait.vcl': configure(context),
      '64k': Buffer.alloc(WINDOW_FILLING, 'x'),
      large: Buffer.alloc(LARGE, 'x'),
    },
  }),
  ready: 'listen',
  greeting: { send: httpRequest({ path: '/' }), reply: hello },
  traits: {
    closesFirst: { send: httpRequest({ path: '/', version: '1.0' }), reply: hello },
    largeThenCloses: { send: httpRequest({ path: '/64k', version: '1.0' }), bytes: WINDOW_FILLING },
    closesOnFin: true,
    dials: { send: ({ address }) => httpRequest({ path: address.includes(':') ? '/dial6' : '/dial4' }) },
    large: largeHttpExchange({ path: '/large' }, LARGE),
    slow: { send: httpRequest({ path: '/slow' }), reply: hello, afterMs: 1000 },
    upload: (bytes) => ({
      send: httpRequest({ path: '/upload', body: 'x'.repeat(bytes) }),
      reply: hello,
    }),
    // It reads every other body before it answers.
    refusesUpload: {
      send: httpRequest({
        method: 'POST',
        path: '/',
        headers: { Expect: 'nothing', 'Content-Length': String(LARGE) },
      }),
      reply: /^HTTP\/1\.1 417 [^]*\r\n\r\n$/,
    },
    effect: {
      send: httpRequest({ path: '/run', body: 'run\n' }),
      count: { send: httpRequest({ path: '/runs' }), reply: wholeHttpAnswer },
      read: numberInHttpAnswer,
    },
    relay: {
      send: ({ address }) => httpRequest({ path: address.includes(':') ? '/dial6' : '/dial4' }),
      backend: HTTP_BACKEND,
      reply: httpReply(200, 'backend\\n'),
    },
    // It has one for a head and for idleness; that for a body is from piece to piece.
    timeouts: { idle: 1500, head: 1500, write: 4000 },
    backlog: PARAMETERS.listen_depth,
    policy: {
      // RFC 9112 section 9.5: closure of an open connection is to be watched for, and answered promptly.
      idleFinMs: 1000,
      // varnishd(1), send_timeout, idle_send_timeout and timeout_idle
      slowReader: 'evict',
      deadPeerIdleMs: 2000,
      deadPeerWritingMs: 4000,
    },
  },
};

function options({ addresses, ports, folder }: StartContext): string[] {
  const words: Readonly<Record<string, string>> = {
    // No change of user, and no port for its command line.
    '-j': 'none',
    '-T': 'none',
    '-n': join(folder, 'varnish'),
    '-s': 'malloc,32m',
    '-f': join(folder, 'closewait.vcl'),
  };
  return [
    ...Object.entries(words).flat(),
    ...addresses.flatMap((address) => ['-a', `${bracketed(address)}:${ports['main']}`]),
    ...Object.entries(PARAMETERS).flatMap(([name, value]) => ['-p', `${name}=${value}`]),
  ];
}
