import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bracketed, findPython, httpPaths, PYTHON_ENVIRONMENT, type TargetProgram } from '#target';

const BACKLOG = 16;

export const gunicorn: TargetProgram = {
  name: 'gunicorn',
  title: 'gunicorn, one worker with 16 threads (gthread): a WSGI application',
  install: 'apt-get install gunicorn',
  find: () => findPython('gunicorn'),
  plan: ({ addresses, ports, folder }, { program }) => ({
    command: [
      program,
      '-m',
      'gunicorn',
      `--chdir=${dirname(fileURLToPath(import.meta.url))}`,
      ...addresses.map((address) => `--bind=${bracketed(address)}:${ports['main']}`),
      `--backlog=${BACKLOG}`,
      '--keep-alive=1',
      '--graceful-timeout=2',
      '--worker-class=gthread',
      '--threads=16',
      `--worker-tmp-dir=${folder}`,
      'server:app',
    ],
    env: PYTHON_ENVIRONMENT,
  }),
  ready: 'listen',
  greeting: httpPaths.greeting,
  traits: {
    ...httpPaths.traits,
    ...httpPaths.relaying,
    // keep-alive is looked at once a second.
    timeouts: { idle: 2000 },
    backlog: BACKLOG,
    policy: {
      // RFC 9112 section 9.5: closure of an open connection is to be watched for, and answered promptly.
      idleFinMs: 1000,
      // docs.gunicorn.org, "Signal Handling": TERM waits for workers to finish their requests, up to graceful_timeout.
      drain: 'drain',
    },
  },
};
