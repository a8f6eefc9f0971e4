// `/` says hello; `/large?bytes=N` sends so many; `/dial?to=HOST:PORT` passes on what `/` of that server answers.
import { createServer, get, type RequestListener, type ServerResponse } from 'node:http';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { listen: { type: 'string', multiple: true, default: [] }, port: { type: 'string' } },
});

const respond: RequestListener = ({ url = '/' }, response) => {
  const { pathname, searchParams } = new URL(url, 'http://closewait');
  if (pathname === '/') answer(response, 200, 'hello\n');
  else if (pathname === '/large') answer(response, 200, Buffer.alloc(Number(searchParams.get('bytes')), 'x'));
  else if (pathname === '/dial') dial(`http://${searchParams.get('to')}/`, response);
  else answer(response, 404, 'not found\n');
};

function answer(response: ServerResponse, status: number, body: string | Buffer): void {
  response.writeHead(status, { 'Content-Type': 'text/plain', 'Content-Length': body.length });
  response.end(body);
}

function dial(url: string, response: ServerResponse): void {
  const outbound = get(url, (inbound) => {
    response.writeHead(inbound.statusCode ?? 502);
    inbound.pipe(response);
  });
  outbound.on('error', ({ message }) => answer(response, 502, `${message}\n`));
  response.on('close', () => outbound.destroy());
}

const servers = values.listen.map((host) =>
  createServer(respond).listen({ host, port: Number(values.port), ipv6Only: true }),
);

process.on('SIGTERM', () => {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
});
