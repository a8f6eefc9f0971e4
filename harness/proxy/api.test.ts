import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { expect } from 'chai';
import { random } from '#core';
import { startApi, type Api } from './api.ts';
import { Collection } from './collection.ts';
import type { FaultProxy, MakeProxy } from './contract.ts';
import { requestListener } from './http.ts';
import { ask } from './testing/ask.ts';
import { fakeProxy } from './testing/fake-proxy.ts';

const A = { name: 'a', listen: '127.0.0.1:0', upstream: '127.0.0.1:1' };

/** The proxy called `stuck` never comes to an end with its toxics. */
const stuck: MakeProxy = (settings, options) => {
  const proxy = fakeProxy(settings, options);
  if (settings.name === 'stuck') proxy.addToxic = () => new Promise(() => {});
  return proxy;
};

async function errorOf(promise: Promise<unknown>): Promise<{ code?: string; message: string }> {
  return promise.then(
    () => ({ message: 'it did not throw' }),
    (error: unknown) => error as Error,
  );
}

describe('the embedded API', () => {
  let api: Api;
  const warnings: string[] = [];
  const start = (more: object = {}): Promise<Api> =>
    startApi({
      listen: '127.0.0.1:0',
      strict: false,
      seed: 1,
      metrics: false,
      makeProxy: stuck,
      warn: (text) => void warnings.push(text),
      ...more,
    });
  const send = (method: string, path: string, body?: unknown) => ask(api.url, method, path, body);

  beforeEach(async () => {
    warnings.length = 0;
    api = await start();
  });
  afterEach(() => api.close());

  it('has no metrics unless asked', async () => {
    expect((await send('GET', '/metrics')).status).to.equal(404);
  });

  it('says loudly when it is reachable from elsewhere, and its proxies then may be', async () => {
    expect(warnings).to.deep.equal([]);
    // Nothing leaves the machine: 0.0.0.0 is bound for a moment, and nobody is told.
    await using beyond = await start({ listen: '0.0.0.0:0' });
    expect(warnings.join()).to.match(/0\.0\.0\.0:\d+, beyond this machine's loopback/);
    const port = new URL(beyond.url).port;
    const create = (url: string) =>
      ask(url, 'POST', '/proxies', { ...A, listen: '0.0.0.0:0', enabled: false });
    expect((await create(`http://127.0.0.1:${port}`)).status).to.equal(201);
    const { status, json } = await create(api.url);
    expect(status).to.equal(400);
    expect(json)
      .to.have.property('error')
      .match(/^listen: 0\.0\.0\.0:0 is every address of this machine/);
  });

  it('cannot listen where another does', async () => {
    const error = await errorOf(start({ listen: new URL(api.url).host }));
    expect(error).to.include({ code: 'CW_PROXY_API' });
    expect(error.message).to.include(new URL(api.url).host).and.include('EADDRINUSE');
    expect(await errorOf(start({ listen: 'nowhere' }))).to.include({ code: 'CW_PROXY_API' });
  });

  it('answers of all other proxies while one hangs', async () => {
    for (const name of ['stuck', 'a']) await send('POST', '/proxies', { ...A, name });
    void send('POST', '/proxies/stuck/toxics', { type: 'noop' }).catch(() => undefined);
    expect((await send('GET', '/proxies')).status).to.equal(200);
    expect((await send('GET', '/proxies/stuck')).status).to.equal(200);
    expect((await send('POST', '/proxies/a/toxics', { type: 'noop' })).status).to.equal(200);
    expect((await send('DELETE', '/proxies/a')).status).to.equal(204);
  });

  it('gives up on a request in the end', async () => {
    const make = (settings: Parameters<MakeProxy>[0]): FaultProxy =>
      stuck(settings, { seed: 0, strict: false });
    const collection = new Collection({ strict: false, make, admit: async (listen) => listen });
    await collection.create({ ...A, name: 'stuck', enabled: false, toxics: [] });
    const server = createServer(
      requestListener({ collection, strict: false, metrics: false, longestMs: 20 }),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await ask(url, 'POST', '/proxies/stuck/toxics', { type: 'noop' })).to.include({
      status: 503,
      type: 'text/html; charset=utf-8',
      text: '<html><head><title>Timeout</title></head><body><h1>Timeout</h1></body></html>',
    });
    server.close();
  });

  it('makes one of several proxies of one name that are asked for at the same time', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 8 }, async () => (await send('POST', '/proxies', A)).status),
    );
    expect(statuses.filter((status) => status === 201)).to.have.length(1);
    expect(statuses.filter((status) => status === 409)).to.have.length(7);
  });

  it('answers who still sends too long a body', async () => {
    const { hostname, port } = new URL(api.url);
    const socket = connect(Number(port), hostname).on('error', () => undefined);
    socket.write(
      `POST /proxies HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n${'x'.repeat(1 << 20)}x`,
    );
    const answer = await new Promise<string>((resolve) =>
      socket.once('data', (data) => resolve(String(data))),
    );
    expect(answer).to.match(/^HTTP\/1\.1 413 /);
    socket.destroy();
    expect((await send('GET', '/proxies')).status).to.equal(200);
  });

  it('ends with connections open that say nothing', async () => {
    const { hostname, port } = new URL(api.url);
    const sockets = [
      '',
      'GET /proxies HT',
      'POST /proxies HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{',
    ].map((text) => {
      const socket = connect(Number(port), hostname).on('error', () => undefined);
      socket.write(text);
      return new Promise((resolve) => socket.on('close', resolve));
    });
    await send('POST', '/proxies', A);
    await api.close();
    await Promise.all(sockets);
    expect((await errorOf(send('GET', '/proxies'))).message).to.include('ECONNREFUSED');
  });

  it('makes the proxies of a configuration before it listens', async () => {
    const config = { name: 'list.json', text: JSON.stringify([A, { ...A, name: 'b' }]) };
    await using other = await start({ config });
    expect(other.proxies.map(({ name }) => name)).to.deep.equal(['a', 'b']);
    expect((await ask(other.url, 'GET', '/proxies')).json).to.have.all.keys('a', 'b');
  });

  for (const [text, message] of [
    ['[\n  {"name": a}]', 'line 2, column 12: invalid character "a"'],
    ['', 'line 1, column 1: EOF'],
    ['[{"name":"c","upstream":"x:1"},{}]', 'missing required field: name at proxy 2'],
    ['[{"name":"c","upstream":"x"}]', 'upstream: "x" is not host:port'],
    [
      '[{"name":"c","upstream":"x:1"},{"name":"d","upstream":"x:1","listen":"0.0.0.0:1"}]',
      'proxy 2: listen: ',
    ],
  ] as const) {
    it(`says why it cannot make ${JSON.stringify(text)}`, async () => {
      const error = await errorOf(start({ config: { name: 'list.json', text } }));
      expect(error).to.include({ code: 'CW_PROXY_CONFIG' });
      expect(error.message).to.include(`list.json: ${message}`);
    });
  }

  it('has toxics of a list in place before the first connection, and again when the list is', async () => {
    const list = [{ ...A, toxics: [{ type: 'latency', attributes: { latency: 5 } }, { type: 'noop' }] }];
    const populate = async () => {
      const { status, json } = await send('POST', '/populate', list);
      expect(status).to.equal(201);
      const [{ toxics }] = (json as { proxies: [{ toxics: { name: string; attributes: object }[] }] })
        .proxies;
      return toxics.map(({ name, attributes }) => [name, attributes]);
    };
    const wanted = [
      ['latency_downstream', { latency: 5, jitter: 0 }],
      ['noop_downstream', {}],
    ];
    expect(await populate()).to.deep.equal(wanted);
    await send('POST', '/proxies/a/toxics/latency_downstream', { attributes: { latency: 7 } });
    expect(await populate()).to.deep.equal(wanted);
    const wrong = { ...A, name: 'b', toxics: [{ type: 'noop' }, { type: 'noop' }] };
    expect((await send('POST', '/proxies', wrong)).json).to.deep.equal({
      error: 'toxic already exists (toxic 2)',
      status: 409,
    });
  });

  it('is shaken by no request', async () => {
    const chance = random(4);
    const words = [
      'proxies',
      'a',
      'toxics',
      'populate',
      'reset',
      '..',
      '%2e',
      '%',
      '%ff',
      '',
      '?',
      'connections',
    ];
    const bodies = [
      '{}',
      '[]',
      '{"name":"a","upstream":"x:1"}',
      '[{"name":"a"}]',
      '{"type":"latency"}',
      '\u0000',
      '"',
    ];
    const pick = <T>(list: readonly T[]): T => list[chance.below(list.length)]!;
    for (let round = 0; round < 400; round++) {
      const path = `/${Array.from({ length: chance.below(6) }, () => pick(words)).join('/')}`;
      const body =
        chance.below(4) === 0 ? Buffer.from(chance.bytes(chance.below(60))).toString('latin1') : pick(bodies);
      const method = pick(['GET', 'POST', 'PATCH', 'DELETE', 'PUT', 'OPTIONS']);
      const { status } = await send(method, path, body);
      expect(status, `${method} ${path} ${body}`).to.be.below(500);
    }
    expect((await send('GET', '/version')).status).to.equal(200);
  });
});
