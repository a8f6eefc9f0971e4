import { findPython, httpPaths, planPython, type TargetProgram } from '#target';

export const pythonHttp: TargetProgram = {
  name: 'python-http',
  title: 'Python http.server: ThreadingHTTPServer, HTTP/1.1, time-out 2 s',
  install: 'apt-get install python3',
  find: () => findPython(),
  plan: (context, installed) => planPython(import.meta.url, context, installed),
  ready: 'listen',
  greeting: httpPaths.greeting,
  traits: {
    ...httpPaths.traits,
    ...httpPaths.relaying,
    // socketserver: it is that of the socket, so of each recv() and sendall(). There is none for a whole head or body.
    timeouts: { idle: 2000, write: 2000 },
    backlog: 16,
    policy: {
      // RFC 9112 section 9.5: closure of an open connection is to be watched for, and answered promptly.
      idleFinMs: 1000,
    },
  },
};
