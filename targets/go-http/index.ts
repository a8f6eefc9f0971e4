import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compileOnce, httpPaths, programsNamed, type Installed, type TargetProgram } from '#target';

const name = 'go-http';

export const goHttp: TargetProgram = {
  name,
  title: 'Go net/http with short time-outs; compiled at its first start',
  install: 'apt-get install golang-go',
  find: findGo,
  plan: ({ addresses, ports }, installed) => {
    const compiled = compileOnce(
      {
        name,
        moduleUrl: import.meta.url,
        source: 'server.go',
        command: (source, output) => [installed.program, 'build', '-o', join(output, 'server'), source],
        // Nothing is fetched, nothing is left elsewhere, and no C compiler is asked for.
        env: (output) => ({
          GOFLAGS: '-mod=mod',
          GOPROXY: 'off',
          GOTOOLCHAIN: 'local',
          HOME: join(output, 'scratch'),
          XDG_CONFIG_HOME: join(output, 'scratch'),
          GOCACHE: join(output, 'scratch'),
          CGO_ENABLED: '0',
        }),
        scratch: 'scratch',
      },
      installed,
    );
    // What it has used once, it returns to the system late; more than this, at once.
    return {
      command: [join(compiled, 'server'), String(ports['main']), ...addresses],
      env: { GOMEMLIMIT: '32MiB' },
    };
  },
  ready: 'listen',
  greeting: httpPaths.greeting,
  traits: {
    ...httpPaths.traits,
    ...httpPaths.relaying,
    timeouts: { idle: 1500, head: 2000, body: 2000, write: 2000 },
    policy: {
      // RFC 9112 section 9.5: closure of an open connection is to be watched for, and answered promptly.
      idleFinMs: 1000,
      // pkg.go.dev/net/http: Server.Shutdown does not interrupt any active connections.
      drain: 'drain',
    },
  },
};

/** The version stands in a file above the program, which itself would write to its user's folder when it is asked. */
function findGo(): Installed | null {
  for (const program of programsNamed('go')) {
    const file = join(dirname(realpathSync(program)), '../VERSION');
    const version = existsSync(file) ? /^go([\d.]+)/.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
    if (version !== undefined) return { program, version };
  }
  return null;
}
