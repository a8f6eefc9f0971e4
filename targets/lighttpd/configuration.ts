import { bracketed, type StartContext } from '#target';

/** The backlog that it gives to listen(). */
export const BACKLOG = 16;

/** lighttpd.conf: what a plain installation does, with CGI and a reverse proxy. */
export function configure({ folder, addresses, ports, dialTo }: StartContext): string {
  const [first, ...others] = addresses.map((address) => `${bracketed(address)}:${ports['main']}`);
  const sockets = [
    ...others.map((socket) => `$SERVER["socket"] == "${socket}" { }`),
    ...addresses.map(
      (address) =>
        `$SERVER["socket"] == "${bracketed(address)}:${ports['deferred']}" { server.defer-accept = 1 }`,
    ),
  ];
  const dials = ([4, 6] as const).flatMap((family) => {
    const to = dialTo[family];
    if (to === undefined) return [];
    const server = `( "host" => "${to.address}", "port" => ${to.port}, "connect-timeout" => 1, "read-timeout" => 10 )`;
    return [`$HTTP["url"] == "/dial${family}" { proxy.server = ( "" => ( ${server} ) ) }`];
  });
  return `
server.modules = ( "mod_access", "mod_cgi", "mod_proxy" )
server.document-root = "${folder}/html"
server.upload-dirs = ( "${folder}" )
server.bind = "${first?.replace(/:\d+$/, '')}"
server.port = ${ports['main']}
${sockets.join('\n')}
server.listen-backlog = ${BACKLOG}

server.max-read-idle = 2
server.max-write-idle = 2
server.max-keep-alive-idle = 2

cgi.assign = ( ".sh" => "/bin/sh" )
$HTTP["url"] == "/refuse" { url.access-deny = ( "" ) }
${dials.join('\n')}
`;
}
