import { findJdk, httpPaths, planJava, type TargetProgram } from '#target';

const name = 'java-http';
const BACKLOG = 16;

export const javaHttp: TargetProgram = {
  name,
  title: 'Java com.sun.net.httpserver, a thread for each request; compiled at its first start',
  install: 'apt-get install default-jdk-headless',
  find: findJdk,
  plan: ({ addresses, ports }, installed) =>
    planJava(
      {
        name,
        moduleUrl: import.meta.url,
        properties: {
          // Seconds.
          'sun.net.httpserver.idleInterval': 1,
          'sun.net.httpserver.maxReqTime': 2,
          'sun.net.httpserver.maxRspTime': 2,
          // How often idle connections are looked at, milliseconds.
          'sun.net.httpserver.clockTick': 250,
        },
        args: [String(BACKLOG), String(ports['main']), ...addresses],
      },
      installed,
    ),
  ready: 'listen',
  greeting: httpPaths.greeting,
  traits: {
    ...httpPaths.traits,
    ...httpPaths.relaying,
    timeouts: { idle: 1000, head: 2000, body: 2000, write: 2000 },
    backlog: BACKLOG,
    policy: {
      // RFC 9112 section 9.5: closure of an open connection is to be watched for, and answered promptly.
      idleFinMs: 1000,
      // idleInterval; the channel is closed then, and the socket when the selector wakes, once a second.
      deadPeerIdleMs: 2000,
    },
  },
};
