import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compileOnce, findProgram, httpPaths, type Installed, type TargetProgram } from '#target';

const name = 'java-http';
const BACKLOG = 16;

export const javaHttp: TargetProgram = {
  name,
  title: 'Java com.sun.net.httpserver, a thread for each request; compiled at its first start',
  install: 'apt-get install default-jdk-headless',
  find: findJdk,
  plan: ({ addresses, ports }, installed) => {
    const compiled = compileOnce(
      {
        name,
        moduleUrl: import.meta.url,
        source: 'Server.java',
        command: (source, output) => [compilerOf(installed), '-d', output, source],
      },
      installed,
    );
    // In seconds; clockTick, how often idle connections are looked at, in milliseconds.
    const settings = { idleInterval: 1, maxReqTime: 2, maxRspTime: 2, clockTick: 500 };
    return {
      command: [
        installed.program,
        ...[
          '-Xms64m',
          '-Xmx64m',
          '-XX:+AlwaysPreTouch',
          '-XX:+UseSerialGC',
          '-XX:TieredStopAtLevel=1',
          '-Xshare:auto',
        ],
        // It would write to /tmp.
        '-XX:-UsePerfData',
        ...Object.entries(settings).map(([key, value]) => `-Dsun.net.httpserver.${key}=${value}`),
        ...['-cp', compiled, 'Server', String(BACKLOG), String(ports['main']), ...addresses],
      ],
    };
  },
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
    },
  },
};

/** A runtime that has its compiler beside it: to ask that for its version takes long. */
function findJdk(): Installed | null {
  const java = findProgram('java', ['-version'], /version "(\d[^"]*)"/);
  if (java === null) return null;
  const jdk = { ...java, program: realpathSync(java.program) };
  return existsSync(compilerOf(jdk)) ? jdk : null;
}

function compilerOf({ program }: Installed): string {
  return join(dirname(program), 'javac');
}
