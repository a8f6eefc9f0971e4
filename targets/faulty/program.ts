import {
  bracketed,
  httpReply,
  httpRequest,
  LARGE,
  largeHttpExchange,
  numberInHttpAnswer,
  wholeHttpAnswer,
  WINDOW_FILLING,
  type TargetProgram,
  type Traits,
} from '#target';
import type { Runtime } from './runtime.ts';

const CLOSE = { Connection: 'close' };

const hello = httpReply(200, 'hello\\n');

const connectTo: NonNullable<Traits['dials']>['send'] = ({ address, port }) =>
  httpRequest({ method: 'CONNECT', path: `${bracketed(address)}:${port}` });

/** What the sound server does, and every faulty one declares: all that the cases can ask for. */
const traits: Traits = {
  closesFirst: { send: httpRequest({ path: '/', headers: CLOSE }), reply: hello },
  largeThenCloses: {
    send: httpRequest({ path: `/large?bytes=${WINDOW_FILLING}`, headers: CLOSE }),
    bytes: WINDOW_FILLING,
  },
  closesOnFin: true,
  dials: { send: connectTo },
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
    send: (to) => `${connectTo(to)}ping\n`,
    backend: 'pong\n',
    reply: httpReply(200, 'pong\\n'),
  },
  timeouts: { idle: 1500, head: 2000, body: 2000, write: 2000 },
  backlog: 16,
  policy: {
    halfClose: 'respond',
    halfCloseSlow: 'respond',
    halfCloseRelay: 'respond',
    idleFinMs: 1000,
    finWait2Ms: 1500,
    drain: 'drain',
    slowReader: 'evict',
    // With what passes until it closes after the time-out.
    deadPeerIdleMs: 2500,
    deadPeerWritingMs: 3500,
  },
};

/**
 * A server of `servers/`.
 * @param file its name there, without the ending
 */
export function faultyProgram(runtime: Runtime, file: string, title: string): TargetProgram {
  return program(runtime, file, file, title, []);
}

/** The same file with its fault switched off. */
export function soundTwin(runtime: Runtime, file: string): TargetProgram {
  return program(runtime, `${file}-sound`, file, `the sound twin of ${file}`, ['--sound']);
}

function program(
  runtime: Runtime,
  name: string,
  file: string,
  title: string,
  options: readonly string[],
): TargetProgram {
  return {
    name,
    title,
    install: runtime.install,
    find: runtime.find,
    plan: (context, installed) => {
      const { command, ...rest } = runtime.plan(file, context, installed);
      return { ...rest, command: [...command, ...options] };
    },
    ready: 'listen',
    greeting: { send: httpRequest({ path: '/' }), reply: hello },
    traits: { ...traits, policy: { ...traits.policy, ...runtime.lacks } },
  };
}
