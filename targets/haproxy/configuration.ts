import { bracketed, type StartContext } from '#target';

/** The backlog that it gives to listen(). */
export const BACKLOG = 16;

/**
 * haproxy.cfg. HTTP on `main`, passed on to services in Lua of its own, or to where it is to dial. `relay` passes on the
 * bytes of TCP: each of its addresses to that of its family. `deferred` is as `main`, and defers accept.
 */
export function configure({ addresses, ports, dialTo }: StartContext): string {
  const bind = (name: string, of: readonly string[], options = ''): string[] =>
    of.map((address) => `  bind ${bracketed(address)}:${ports[name]}${options}`);
  const families = ([4, 6] as const).map((family) => {
    const of = addresses.filter((address) => address.includes(':') === (family === 6));
    const to = dialTo[family];
    return { family, of, to: to === undefined ? null : `${bracketed(to.address)}:${to.port}` };
  });
  const relays = families.flatMap(({ family, of, to }) =>
    of.length === 0
      ? []
      : [
          `frontend relay${family}`,
          '  mode tcp',
          ...bind('relay', of),
          ...(to === null ? ['  tcp-request connection reject'] : [`  default_backend tcp${family}`]),
        ],
  );
  const backends = families.flatMap(({ family, to }) =>
    to === null
      ? []
      : ['tcp', 'http'].flatMap((mode) => [
          `backend ${mode}${family}`,
          `  mode ${mode}`,
          `  server only ${to}`,
        ]),
  );
  return `
global
  nbthread 1
  # However many descriptors the system allows: it takes memory for each.
  fd-hard-limit 50000
  lua-load services.lua

defaults
  mode http
  backlog ${BACKLOG}
  retries 0
  timeout connect 2s
  timeout server 3s
  timeout client 2s
  timeout http-request 2s
  timeout http-keep-alive 1500ms

frontend main
${[...bind('main', addresses), ...bind('deferred', addresses, ' defer-accept')].join('\n')}
  http-request return status 200 content-type text/plain string "hello\\n" if { path / }
  http-request return status 413 if { path /refuse }
  use_backend services if { path /large /slow /upload /run /runs }
${families.flatMap(({ family, to }) => (to === null ? [] : [`  use_backend http${family} if { path /dial${family} }`])).join('\n')}

backend services
  server only unix@services.sock
frontend services
  bind unix@services.sock
${['large', 'slow', 'upload', 'run', 'runs'].map((name) => `  http-request use-service lua.${name} if { path /${name} }`).join('\n')}

${[...relays, ...backends].join('\n')}
`;
}
