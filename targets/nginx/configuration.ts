import type { StartContext } from '#target';

/** Large enough to fill any client's small window, small enough for every kernel's first send buffer, bytes. */
export const LARGE = 64 * 1024;

/** nginx.conf: what a plain installation does, and nothing written outside of the folder. */
export function configure({ addresses, ports, dialTo }: StartContext): string {
  const listen = (port: number | undefined, option = ''): string[] =>
    addresses.map((address) => `listen ${hostOf(address)}:${port}${option};`);
  const dials = ([4, 6] as const).flatMap((family) => {
    const to = dialTo[family];
    if (to === undefined) return [];
    return `location = /dial${family} {
      proxy_pass http://${hostOf(to.address)}:${to.port};
      proxy_ignore_client_abort on;
      proxy_connect_timeout 5s;
    }`;
  });
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path temp/${name};`,
  );
  return `
daemon off;
worker_processes 1;
${process.getuid?.() === 0 ? 'user root;' : ''}
pid nginx.pid;
lock_file nginx.lock;
error_log stderr notice;
events {}
http {
  access_log off;
  default_type text/plain;
  ${temporary.join('\n  ')}
  server {
    ${[...listen(ports['main']), ...listen(ports['deferred'], ' deferred')].join('\n    ')}
    root html;
    location = / { return 200 "hello\\n"; }
    ${dials.join('\n    ')}
  }
}
`;
}

function hostOf(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
