import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findJdk, httpPaths, planJava, type Installed, type TargetProgram } from '#target';

const name = 'java-netty';
const BACKLOG = 16;

/** Where Debian has the archives of Java's libraries. */
const LIBRARIES = '/usr/share/java';

export const javaNetty: TargetProgram = {
  name,
  title: 'Netty: HttpServerCodec and a handler, on NIO; compiled at its first start',
  install: 'apt-get install default-jdk-headless libnetty-java',
  find: findNetty,
  plan: ({ addresses, ports }, installed) =>
    planJava(
      {
        name,
        moduleUrl: import.meta.url,
        libraries: ['common', 'buffer', 'resolver', 'transport', 'codec', 'codec-http', 'handler'].map(
          (part) => join(LIBRARIES, `netty-${part}.jar`),
        ),
        args: [String(BACKLOG), String(ports['main']), ...addresses],
      },
      installed,
    ),
  ready: 'listen',
  greeting: httpPaths.greeting,
  traits: {
    ...httpPaths.traits,
    ...httpPaths.relaying,
    // Of its IdleStateHandler: so long nothing is read or written. There is none for a whole head or body.
    timeouts: { idle: 2000, write: 2000 },
    backlog: BACKLOG,
    policy: {
      // SocketChannelConfig.isAllowHalfClosure: unless it is set, the channel closes itself when the client has shut down its output.
      halfCloseSlow: 'close',
      halfCloseRelay: 'close',
      idleFinMs: 1000,
    },
  },
};

/** The version is Netty's, which one of the archives has in its name. */
function findNetty(): Installed | null {
  const archives = existsSync(LIBRARIES) ? readdirSync(LIBRARIES) : [];
  const version = archives.map((file) => /^netty-all-(\d[\d.]+)\.Final\.jar$/.exec(file)?.[1]).find(Boolean);
  const jdk = version === undefined ? null : findJdk();
  return jdk === null || version === undefined ? null : { ...jdk, version };
}
