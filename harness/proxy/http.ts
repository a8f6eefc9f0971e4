import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { MAX_BODY } from './limits.ts';
import { canonicalPath, matchPath, pathOf } from './paths.ts';
import { Refusal, refusalOf } from './refusal.ts';
import { ROUTES, type Answer, type Handler, type Route, type RouteContext } from './routes.ts';

const LONGEST_MS = 25_000;
const TIMEOUT_PAGE = '<html><head><title>Timeout</title></head><body><h1>Timeout</h1></body></html>';

const TEXT = 'text/plain; charset=utf-8';
const NOSNIFF = { 'X-Content-Type-Options': 'nosniff' };

export interface HttpOptions extends RouteContext {
  readonly metrics: boolean;
  /** How long a request may take, its body not counted; left out: 25 s, as in the original. */
  readonly longestMs?: number;
}

/** Answers requests. It never throws, and every request gets an answer or has lost its sender. */
export function requestListener(
  options: HttpOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  const routes = ROUTES.filter(
    ({ extension, metrics }) => !(extension && options.strict) && (!metrics || options.metrics),
  );
  return (request, response) => {
    const path = pathOf(request.url ?? '');
    if (path === null) return send(response, 400, 'the path has a % with no byte behind it\n', TEXT, NOSNIFF);
    const canonical = canonicalPath(path);
    if (canonical !== path) return redirect(response, canonical);
    const found = findRoute(routes, path);
    if (found === null) return send(response, 404, '404 page not found\n', TEXT, NOSNIFF);
    const { methods } = found.route;
    const method = request.method ?? '';
    const handler = Object.hasOwn(methods, method) ? methods[method] : methods['*'];
    if (handler === undefined) return void response.writeHead(405).end();

    response.setHeader('X-Toxiproxy-Request-Id', requestId());
    // What a page in a browser sends: it has no business here.
    if (request.headers['user-agent']?.startsWith('Mozilla/') === true)
      return send(response, 403, 'User agent not allowed\n', TEXT, NOSNIFF);
    void bodyOf(request)
      .then((body) => inTime(answer(handler, options, found.names, body), options.longestMs ?? LONGEST_MS))
      .catch((error: unknown) => refused(refusalOf(error), options.strict))
      .then(({ status, body, type = 'application/json', headers = {} }: FullAnswer) =>
        send(response, status, body, type, headers),
      );
  };
}

async function answer(handler: Handler, ...given: Parameters<Handler>): Promise<Answer> {
  return handler(...given);
}

interface FullAnswer extends Answer {
  readonly headers?: Readonly<Record<string, string>>;
}

function findRoute(
  routes: readonly Route[],
  path: string,
): { readonly route: Route; readonly names: readonly string[] } | null {
  for (const route of routes) {
    const names = matchPath(route.path, path);
    if (names !== null) return { route, names };
  }
  return null;
}

/** As the original: a client makes a GET of it, whatever it was. */
function redirect(response: ServerResponse, path: string): void {
  response.writeHead(301, { Location: path.split('/').map(encodeURIComponent).join('/') }).end();
}

function refused({ message, status }: Refusal, strict: boolean): FullAnswer {
  const body = `${JSON.stringify({ error: message, status })}\n`;
  return strict ? { status, body, type: TEXT, headers: NOSNIFF } : { status, body };
}

/** @throws Refusal 413; an error where the sender goes away */
function bodyOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY) chunks.push(chunk);
      // The rest is read and forgotten: who is still sending would not read an answer.
      else reject(new Refusal(413, `the request has more than ${MAX_BODY} bytes`));
    });
    request.on('end', () => resolve(Buffer.concat(chunks).toString()));
    request.on('error', reject);
    request.on('close', () => reject(new Error('the client has gone')));
  });
}

async function inTime(work: Promise<Answer>, longestMs: number): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Answer>((resolve) => {
    const page = { status: 503, body: TIMEOUT_PAGE, type: 'text/html; charset=utf-8' };
    timer = setTimeout(() => resolve(page), longestMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function send(
  response: ServerResponse,
  status: number,
  body: string,
  type: string,
  headers: Readonly<Record<string, string>>,
): void {
  if (response.destroyed) return;
  // A 204 has no body, and says nothing about one.
  if (status === 204) return void response.writeHead(status).end();
  response.writeHead(status, {
    ...headers,
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(body);
}

/** 20 letters and digits of base 32, as the original's. */
function requestId(): string {
  return [...randomBytes(20)].map((byte) => (byte & 31).toString(32)).join('');
}
