import {
  createServer,
  get,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { listen: { type: 'string', multiple: true, default: [] }, port: { type: 'string' } },
});

type Answer = (request: IncomingMessage, response: ServerResponse, query: URLSearchParams) => void;

let runs = 0;

const ANSWERS: Readonly<Record<string, Answer>> = {
  '/': (_, response) => answer(response, 200, 'hello\n'),
  '/large': (_, response, query) => answer(response, 200, Buffer.alloc(Number(query.get('bytes')), 'x')),
  '/slow': (_, response, query) => {
    setTimeout(() => answer(response, 200, 'slow\n'), Number(query.get('ms')));
  },
  '/upload': (request, response) => whenRead(request, (bytes) => answer(response, 200, `${bytes}\n`)),
  '/refuse': (_, response) => answer(response, 413, 'refused\n'),
  '/run': (request, response) => whenRead(request, () => answer(response, 200, `${++runs}\n`)),
  '/runs': (_, response) => answer(response, 200, `${runs}\n`),
  /** Passes on what `/` of the server answers that `to` names. */
  '/dial': (_, response, query) => dial(`http://${query.get('to')}/`, response),
};

const respond: RequestListener = (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://closewait');
  const known = ANSWERS[pathname];
  if (known === undefined) answer(response, 404, 'not found\n');
  else known(request, response, searchParams);
};

function answer(response: ServerResponse, status: number, body: string | Buffer): void {
  response.writeHead(status, { 'Content-Type': 'text/plain', 'Content-Length': body.length });
  response.end(body);
}

/** When the whole body has come; not at all when the client leaves before that. */
function whenRead(request: IncomingMessage, then: (bytes: number) => void): void {
  let bytes = 0;
  request.on('data', (chunk: Buffer) => (bytes += chunk.length));
  request.on('error', () => undefined);
  request.on('end', () => then(bytes));
}

function dial(url: string, response: ServerResponse): void {
  const outbound = get(url, (inbound) => {
    response.writeHead(inbound.statusCode ?? 502);
    inbound.pipe(response);
  });
  outbound.on('error', ({ message }) => answer(response, 502, `${message}\n`));
  response.on('close', () => outbound.destroy());
}

const TIMES = {
  // What clients are told; it closes a second after that.
  keepAliveTimeout: 1000,
  headersTimeout: 2000,
  requestTimeout: 2000,
  connectionsCheckingInterval: 250,
};

const servers = values.listen.map((host) =>
  createServer(TIMES, respond).listen({ host, port: Number(values.port), ipv6Only: true, backlog: 16 }),
);

process.on('SIGTERM', () => {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
});
