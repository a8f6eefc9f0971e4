// Where no image can be pulled: images of the names in docker-compose.yml, made of Debian's packages and of this machine's Go. They lay
// out files as the real ones do. Their versions are Debian's, so that a proof by them is one of the compose file, not of those servers.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';

/**
 * @param {string} packages
 * @param {string} [then]
 */
function debian(packages, then = '') {
  return `FROM debian:bookworm-slim
RUN printf '#!/bin/sh\\nexit 101\\n' >/usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d && apt-get update \\
  && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${packages} && rm -rf /var/lib/apt/lists/*
${then}`;
}

/** Names of images, and their Dockerfiles. @type {Readonly<Record<string, string>>} */
export const STAND_INS = {
  'nginx:1.28-bookworm': debian('nginx-light'),
  'httpd:2.4-bookworm': debian(
    'apache2-bin',
    `RUN mkdir -p /usr/local/apache2/conf && ln -s /usr/lib/apache2/modules /usr/local/apache2/modules \\
  && printf '#!/bin/sh\\nexec apache2 -d /usr/local/apache2 -f conf/httpd.conf "$@"\\n' >/usr/local/bin/httpd && chmod +x /usr/local/bin/httpd
`,
  ),
  'haproxy:3.0-bookworm': debian('haproxy', 'USER haproxy\n'),
  'redis:7.4-bookworm': debian('redis-server', 'USER redis\nWORKDIR /tmp\n'),
  'memcached:1.6-bookworm': debian('memcached', 'USER memcache\n'),
  'postgres:17-bookworm': debian(
    'postgresql',
    `RUN ln -s /usr/lib/postgresql/*/bin/* /usr/local/bin/ 2>/dev/null; install -d -o postgres /data \\
  && printf '#!/bin/sh\\ninitdb -D /data -U "$POSTGRES_USER" --auth=trust >/dev/null && exec "$@" -D /data -k /tmp\\n' >/start && chmod +x /start
USER postgres
ENTRYPOINT ["/start"]
`,
  ),
  'golang:1.24-bookworm': `FROM debian:bookworm-slim
COPY go /usr/local/go
ENV GOPATH=/go PATH=/usr/local/go/bin:/go/bin:$PATH
`,
};

/**
 * What a Dockerfile copies.
 * @param {string} name
 * @param {string} folder
 */
export function fillContext(name, folder) {
  if (!name.startsWith('golang:')) return;
  const root = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
  for (const part of ['bin', 'pkg', 'src', 'go.env', 'VERSION'])
    cpSync(join(root, part), join(folder, 'go', part), {
      recursive: true,
      filter: (path) => !/\/testdata(\/|$)/.test(path),
    });
}
