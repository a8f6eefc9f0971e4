import { planNodeServer, thisNode, type TargetProgram } from '#target';

/** Large enough to fill any client's small window, small enough for every kernel's first send buffer, bytes. */
const LARGE = 64 * 1024;

const get = (path: string, headers = ''): string =>
  `GET ${path} HTTP/1.1\r\nHost: closewait\r\n${headers}\r\n`;

export const http: TargetProgram = {
  name: 'http',
  title: 'a web server: node:http with its defaults',
  install: '',
  find: thisNode,
  plan: (context, installed) => planNodeServer(import.meta.url, context, installed),
  ready: 'listen',
  greeting: { send: get('/'), reply: /^HTTP\/1\.1 200 [^]*\r\n\r\nhello\n$/ },
  traits: {
    closesFirst: { send: get('/', 'Connection: close\r\n'), reply: /^HTTP\/1\.1 200 [^]*\r\n\r\nhello\n$/ },
    largeThenCloses: { send: get(`/large?bytes=${LARGE}`, 'Connection: close\r\n'), bytes: LARGE },
    closesOnFin: true,
    dials: {
      send: ({ address, port }) =>
        get(`/dial?to=${address.includes(':') ? `[${address}]` : address}:${port}`),
    },
  },
};
