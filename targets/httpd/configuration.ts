import { bracketed, type StartContext } from '#target';

/** The backlog that it gives to listen(). */
export const BACKLOG = 16;

const MODULES = [
  'mpm_event',
  'authz_core',
  'alias',
  'env',
  'reqtimeout',
  'allowmethods',
  'cgid',
  'proxy',
  'proxy_http',
];

/** httpd.conf: one process with threads, and the module for CGI that goes with them. */
export function configure({ folder, addresses, ports, dialTo }: StartContext, modules: string): string {
  const listen = (name: string, protocol: string): string[] =>
    addresses.map((address) => `Listen ${bracketed(address)}:${ports[name]} ${protocol}`);
  const dials = ([4, 6] as const).flatMap((family) => {
    const to = dialTo[family];
    if (to === undefined) return [];
    const url = `http://${bracketed(to.address)}:${to.port}/`;
    return [`ProxyPass /dial${family} ${url} connectiontimeout=2 timeout=10 retry=0 disablereuse=on`];
  });
  return `
ServerRoot "${folder}"
ServerName closewait
PidFile httpd.pid
DefaultRuntimeDir .
# It opens what it writes to, and a socket, as our end of its stderr is, cannot be opened.
ErrorLog "|/bin/cat"
${MODULES.map((name) => `LoadModule ${name}_module "${modules}/mod_${name}.so"`).join('\n')}

# As many threads as a plain installation has, in one process; there is room for those that take its place.
StartServers 1
ThreadLimit 150
ThreadsPerChild 150
ServerLimit 4
MaxRequestWorkers 600
MinSpareThreads 1
MaxSpareThreads 600

${[...listen('main', 'http'), ...listen('deferred', 'deferred')].join('\n')}
ListenBacklog ${BACKLOG}
# Its default is to defer on every port of HTTP. There no state can be seen of a client that has said nothing.
AcceptFilter http none
AcceptFilter deferred data

Timeout 2
KeepAliveTimeout 1500ms
MaxKeepAliveRequests 0
RequestReadTimeout header=2 body=2

DocumentRoot "${folder}/html"
ScriptSock cgi.sock
# Else it is by chance whether an answer of theirs is chunked: it does not believe the length that they give.
SetEnv ap_trust_cgilike_cl 1
ScriptAlias /cgi/ "${folder}/cgi/"
Redirect 413 "/refuse"
${dials.join('\n')}
`;
}
