import { findPython, httpPaths, planPython, type TargetProgram } from '#target';

export const uvicorn: TargetProgram = {
  name: 'uvicorn',
  title: 'uvicorn with h11 and asyncio: an ASGI application',
  install: 'apt-get install uvicorn',
  find: () => findPython('uvicorn'),
  plan: (context, installed) => planPython(import.meta.url, context, installed),
  ready: 'listen',
  greeting: httpPaths.greeting,
  traits: {
    ...httpPaths.traits,
    ...httpPaths.relaying,
    timeouts: { idle: 2000 },
    backlog: 16,
    policy: {
      // RFC 9112 section 9.5: closure of an open connection is to be watched for, and answered promptly.
      idleFinMs: 1000,
      // uvicorn's documentation, "Graceful process shutdown": it waits for connections to finish their responses.
      drain: 'drain',
    },
  },
};
