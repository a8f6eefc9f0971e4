import { bracketed, type StartContext } from '#target';

/** The backlog that it gives to listen(). */
export const BACKLOG = 16;

/**
 * nginx.conf: what a plain installation does, with short time-outs, and nothing written outside of the folder. What takes a
 * body, or a while, or is counted, is passed on to a server of its own on a Unix socket, as to an application.
 */
export function configure({ addresses, ports, dialTo }: StartContext): string {
  const listen = (port: number | undefined, option = ''): string[] =>
    addresses.map((address) => `listen ${bracketed(address)}:${port} backlog=${BACKLOG}${option};`);
  const dials = ([4, 6] as const).flatMap((family) => {
    const to = dialTo[family];
    if (to === undefined) return [];
    const url = `http://${bracketed(to.address)}:${to.port}`;
    return [
      `location = /dial${family} {
      proxy_pass ${url};
      proxy_ignore_client_abort on;
      proxy_connect_timeout 5s;
    }
    location = /relay${family} { proxy_pass ${url}; }`,
    ];
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
  keepalive_timeout 1500ms;
  client_header_timeout 2s;
  client_body_timeout 2s;
  send_timeout 2s;
  client_max_body_size 0;
  proxy_set_header X-Request $request_id;
  server {
    ${[...listen(ports['main']), ...listen(ports['deferred'], ' deferred')].join('\n    ')}
    root html;
    location = / { return 200 "hello\\n"; }
    location = /refuse { return 413; }
    location /application/ { proxy_pass http://unix:application.sock:/; }
    # Two requests with one key: the application's limit lets the first pass, and has the other wait.
    location = /application/slow { auth_request /first; proxy_pass http://unix:application.sock:/slow; }
    location = /first { internal; proxy_pass http://unix:application.sock:/slow; }
    ${dials.join('\n    ')}
  }
  limit_req_zone $http_x_request zone=slow:64k rate=50r/m;
  log_format run run;
  server {
    listen unix:application.sock;
    root html;
    location = /upload { return 200 "uploaded\\n"; }
    location = /slow { limit_req zone=slow burst=1; }
    location = /run { access_log html/runs run; return 200 "run\\n"; }
    location = /runs { }
  }
}
`;
}
