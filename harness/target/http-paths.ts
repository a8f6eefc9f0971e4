import type { Exchange, Traits } from './contract.ts';
import { wholeHttpAnswer } from './http-answer.ts';
import {
  bracketed,
  HTTP_BACKEND,
  httpReply,
  httpRequest,
  LARGE,
  largeHttpExchange,
  numberInHttpAnswer,
  WINDOW_FILLING,
} from './http-request.ts';

const CLOSE = { Connection: 'close' };

const hello = httpReply(200, 'hello\\n');

/**
 * What the small web servers beside their targets have in common. Each answers the paths `/`, `/large?bytes=`, `/slow?ms=`,
 * `/upload`, `/refuse` (413, without reading the body), `/run` and `/runs`.
 */
export const httpPaths = {
  greeting: { send: httpRequest({ path: '/' }), reply: hello } satisfies Exchange,
  traits: {
    closesFirst: { send: httpRequest({ path: '/', headers: CLOSE }), reply: hello },
    largeThenCloses: {
      send: httpRequest({ path: `/large?bytes=${WINDOW_FILLING}`, headers: CLOSE }),
      bytes: WINDOW_FILLING,
    },
    closesOnFin: true,
    large: largeHttpExchange({ path: `/large?bytes=${LARGE}` }, LARGE),
    slow: { send: httpRequest({ path: '/slow?ms=1000' }), reply: httpReply(200, 'slow\\n'), afterMs: 1000 },
    upload: (bytes) => ({
      send: httpRequest({ path: '/upload', body: 'x'.repeat(bytes) }),
      reply: httpReply(200, `${bytes}\\n`),
    }),
    refusesUpload: {
      send: httpRequest({ method: 'POST', path: '/refuse', headers: { 'Content-Length': String(LARGE) } }),
      reply: wholeHttpAnswer,
    },
    effect: {
      send: httpRequest({ path: '/run', body: 'run\n' }),
      count: { send: httpRequest({ path: '/runs' }), reply: wholeHttpAnswer },
      read: numberInHttpAnswer,
    },
  } satisfies Traits,
  /** Of those with a path `/dial?to=ADDRESS:PORT`: they pass on what the server that it names answers. */
  relaying: {
    dials: { send: ({ address, port }) => dialRequest(address, port) },
    relay: {
      send: ({ address, port }) => dialRequest(address, port),
      backend: HTTP_BACKEND,
      reply: httpReply(200, '[^]*backend\\n[^]*'),
    },
  } satisfies Traits,
};

function dialRequest(address: string, port: number): string {
  return httpRequest({ path: `/dial?to=${bracketed(address)}:${port}` });
}
