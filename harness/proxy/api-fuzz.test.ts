import { readdirSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { expect } from 'chai';
import { random, type Random } from '#core';
import { startApi, type Api } from './api.ts';
import { makeProxy } from './proxy.ts';
import { TOXIC_TYPES } from './toxics/index.ts';
import { ask } from './testing/ask.ts';

/** `npm run prove:proxy` asks for 100,000. */
const REQUESTS = Number(process.env['CLOSEWAIT_FUZZ_REQUESTS'] ?? 2000);
const AT_ONCE = 16;
const NAMES = ['a', 'b', 'c', 'd e', '%', '..', '', 'x'.repeat(300), '__proto__', 'constructor', '/', '☃'];
// No names: looking one up would leave this machine.
const LISTEN = [
  '127.0.0.1:0',
  '[::1]:0',
  '127.0.0.1:1',
  ':0',
  '',
  '0.0.0.0:0',
  '127.0.0.1',
  '127.0.0.1:99999',
  7,
  null,
];
const UPSTREAM = ['127.0.0.1:1', '[::1]:1', '', 'no port', '127.0.0.1:0', 1, null, {}];
const VALUES = [
  0,
  1,
  -1,
  0.5,
  1e3,
  1e308,
  2 ** 53,
  '1',
  '',
  null,
  true,
  [],
  {},
  'upstream',
  'downstream',
  'FIN',
];
const METHODS = ['GET', 'POST', 'POST', 'POST', 'PATCH', 'DELETE', 'PUT', 'HEAD', 'OPTIONS'];

describe('the embedded API under requests at random', function () {
  this.timeout(600_000);

  for (const strict of [false, true]) {
    it(`answers ${REQUESTS} of them${strict ? ', with --strict' : ''}, and leaves nothing`, async () => {
      const before = descriptors();
      const api = await startApi({
        listen: '127.0.0.1:0',
        strict,
        seed: 1,
        metrics: true,
        makeProxy,
        warn: () => undefined,
      });
      const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
      const draw = random(strict ? 2 : 1);
      const statuses = new Set<number>();
      let left = REQUESTS;
      const worker = async (): Promise<void> => {
        while (left-- > 0) statuses.add(await send(api, agent, draw));
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      agent.destroy();
      // Some of all kinds: what is asked makes sense often enough.
      for (const status of [200, 201, 204, 400, 404, 405, 409]) expect(statuses).to.include(status);
      for (const status of statuses) expect(status, String(status)).to.be.oneOf(KNOWN);
      const { json } = await ask(api.url, 'GET', '/proxies');
      for (const name of Object.keys(json as object))
        await ask(api.url, 'DELETE', `/proxies/${encodeURIComponent(name)}`);
      await api.close();
      expect(descriptors() - before).to.be.at.most(2);
    });
  }
});

/** 500: the kernel has refused an address. */
const KNOWN = [200, 201, 204, 301, 400, 404, 405, 409, 413, 500];

/** @returns the status; an answer has to come */
function send(api: Api, agent: Agent, draw: Random): Promise<number> {
  const method = one(METHODS, draw);
  const body = method === 'GET' || method === 'HEAD' ? '' : bodyAtRandom(draw);
  // Node gives a DELETE none by itself.
  const headers = { 'Content-Length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const asked = request(
      `${api.url}${pathAtRandom(draw)}`,
      { method, agent, headers, timeout: 10_000 },
      (response) => {
        response.on('end', () => resolve(response.statusCode!)).resume();
      },
    );
    asked.on('timeout', () => asked.destroy(new Error('no answer within 10 s')));
    // A body that is too large is answered before it is read.
    asked.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EPIPE' ? resolve(413) : reject(error),
    );
    asked.end(body);
  });
}

function pathAtRandom(draw: Random): string {
  const name = encodeURIComponent(one(NAMES, draw));
  const toxic = encodeURIComponent(one([...NAMES, 'latency_downstream', 'noop_upstream'], draw));
  return one(
    [
      '/proxies',
      '/proxies',
      '/proxies',
      `/proxies/${name}`,
      `/proxies/${name}`,
      `/proxies/${name}/toxics`,
      `/proxies/${name}/toxics`,
    ]
      .concat([
        '/proxies/a/toxics',
        '/proxies/b/toxics',
        `/proxies/${name}/toxics/${toxic}`,
        `/proxies/a/toxics/${toxic}`,
      ])
      .concat([
        '/populate',
        '/reset',
        '/version',
        '/metrics',
        `/proxies/${name}/connections`,
        '//proxies',
        '/',
        '/%zz',
      ]),
    draw,
  );
}

function bodyAtRandom(draw: Random): string | Uint8Array {
  switch (draw.below(10)) {
    case 0:
      return draw.bytes(draw.below(200));
    case 1: {
      const text = JSON.stringify(objectAtRandom(draw));
      return text.slice(0, draw.below(text.length));
    }
    case 2:
      return '['.repeat(draw.below(500));
    case 3:
      return JSON.stringify(Array.from({ length: draw.below(4) }, () => proxyAtRandom(draw)));
    default:
      return JSON.stringify(objectAtRandom(draw));
  }
}

function objectAtRandom(draw: Random): object {
  return draw.below(2) === 0 ? proxyAtRandom(draw) : toxicAtRandom(draw);
}

function proxyAtRandom(draw: Random): object {
  return {
    name: one([...NAMES, 'a', 'b', 'c'], draw),
    listen: one([...LISTEN, '127.0.0.1:0', '127.0.0.1:0'], draw),
    upstream: one([...UPSTREAM, '127.0.0.1:1', '127.0.0.1:1', '127.0.0.1:1'], draw),
    enabled: one([true, true, false, null, 'yes', undefined], draw),
    toxics: draw.below(3) === 0 ? [toxicAtRandom(draw)] : undefined,
  };
}

function toxicAtRandom(draw: Random): object {
  const types = Object.keys(TOXIC_TYPES);
  const type = one([...types, ...types, 'none', 7, null], draw);
  const known = Object.keys(TOXIC_TYPES[String(type)]?.attributes ?? {});
  const attributes = [...known, ...(draw.below(8) === 0 ? ['another'] : [])];
  return {
    name: one([undefined, undefined, ...NAMES], draw),
    type,
    stream: one(['upstream', 'downstream', 'UPSTREAM', '', undefined, 3], draw),
    toxicity: one([undefined, undefined, 0, 0.5, 1, -1, 7, '1', null], draw),
    attributes: Object.fromEntries(
      attributes.map((name) => [name, draw.below(2) === 0 ? draw.below(1000) : one(VALUES, draw)]),
    ),
  };
}

function one<T>(from: readonly T[], draw: Random): T {
  return from[draw.below(from.length)]!;
}

function descriptors(): number {
  return process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0;
}
