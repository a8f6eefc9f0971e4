import type { Exchange, Reply } from './contract.ts';
import { wholeHttpAnswer } from './http-answer.ts';

/** Large enough to fill any client's small window, small enough for every kernel's first send buffer, bytes. */
export const WINDOW_FILLING = 64 * 1024;

/** More than the buffers of both kernels hold together, as Linux sets their limits, bytes. */
export const LARGE = 8 * 1024 * 1024;

export interface HttpRequest {
  /** Left out: GET, and POST with a body. */
  readonly method?: string;
  readonly path: string;
  /** Left out: 1.1. */
  readonly version?: '1.0' | '1.1';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A whole request; its Content-Length is that of the body. */
export function httpRequest({ path, version = '1.1', headers = {}, body, ...rest }: HttpRequest): string {
  const { method = body === undefined ? 'GET' : 'POST' } = rest;
  const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
  const lines = Object.entries({ Host: 'closewait', ...length, ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return `${method} ${path} HTTP/${version}\r\n${lines.join('')}\r\n${body ?? ''}`;
}

/** An answer with a status and a body, the latter as the source of a regular expression. */
export function httpReply(status: number, body: string): RegExp {
  return new RegExp(`^HTTP/1\\.[01] ${status} [^]*\\r\\n\\r\\n${body}$`);
}

/** A request whose answer has a body of so many bytes. */
export function largeHttpExchange(request: HttpRequest, bytes: number): Exchange & { bytes: number } {
  const reply: Reply = {
    // The length first: to search megabytes at each piece that comes takes long.
    test: (received) => received.length > bytes && wholeHttpAnswer.test(received),
    toString: () => `an answer of HTTP of ${bytes} bytes`,
  };
  return { send: httpRequest(request), bytes, reply };
}

/** The number that is all of an answer's body. NaN: it is none */
export function numberInHttpAnswer(received: string): number {
  // A chunk's size ends with CRLF.
  return Number(/^(\d+)\n/m.exec(received.slice(received.indexOf('\r\n\r\n')))?.[1]);
}

/** The answer of a backend to whatever a relay passes on to it. */
export const HTTP_BACKEND =
  'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 8\r\n\r\nbackend\n';

/** An address as it stands before a port. */
export function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
