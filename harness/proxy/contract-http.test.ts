import { expect } from 'chai';
import { contract } from './testing/contract.ts';

const NOT_FOUND = { status: 404, type: 'text/plain; charset=utf-8', text: '404 page not found\n' };
const A = { name: 'a', listen: '127.0.0.1:0', upstream: '127.0.0.1:1' };

contract('HTTP', (server) => {
  const { ask, differs } = server;

  it('gives the version byte for byte', async () => {
    const { status, type, text } = await ask('GET', '/version');
    expect({ status, type, text }).to.deep.equal({
      status: 200,
      type: 'application/json;charset=utf-8',
      text: '{"version": "2.12.0"}\n',
    });
  });

  it('names every request that it knows', async () => {
    const { headers } = await ask('GET', '/version');
    expect(headers['x-toxiproxy-request-id']).to.match(/^[0-9a-v]{20}$/);
  });

  for (const path of [
    '/',
    '/proxies/',
    '/nothing',
    '/proxies/a/b',
    '/proxies/a/toxics/',
    '/version/',
    '/proxies/a%2Fb',
  ]) {
    it(`has no ${path}`, async () => {
      const reply = await ask('GET', path);
      expect(reply).to.include(NOT_FOUND);
      expect(reply.headers['x-content-type-options']).to.equal('nosniff');
    });
  }

  const wrong = [
    ['PUT', '/proxies'],
    ['OPTIONS', '/proxies'],
    ['HEAD', '/proxies'],
    ['GET', '/reset'],
    ['GET', '/populate'],
    ['PUT', '/proxies/a'],
    ['POST', '/version'],
    ['PUT', '/proxies/a/toxics'],
    ['PUT', '/proxies/a/toxics/b'],
  ] as const;
  for (const [method, path] of wrong) {
    it(`does not allow ${method} ${path}`, async () => {
      const { status, text, headers } = await ask(method, path);
      expect({ status, text, allow: headers.allow }).to.deep.equal({
        status: 405,
        text: '',
        allow: undefined,
      });
    });
  }

  for (const [path, canonical] of [
    ['//proxies', '/proxies'],
    ['/a/../proxies', '/proxies'],
    ['/./version', '/version'],
    ['/proxies//a/', '/proxies/a/'],
  ] as const) {
    it(`sends who asks for ${path} to ${canonical}`, async () => {
      const { status, headers } = await ask('GET', path);
      expect([status, headers.location]).to.deep.equal([301, canonical]);
    });
  }

  it('takes no notice of a query', async () => {
    expect((await ask('GET', '/version?x=/y')).status).to.equal(200);
  });

  it('lets no browser in', async () => {
    const browser = { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64)' };
    expect(await ask('GET', '/proxies', undefined, browser)).to.include({
      status: 403,
      type: 'text/plain; charset=utf-8',
      text: 'User agent not allowed\n',
    });
    expect((await ask('GET', '/nothing', undefined, browser)).status).to.equal(404);
    expect((await ask('GET', '/version', undefined, { 'User-Agent': 'curl/Mozilla/5.0' })).status).to.equal(
      200,
    );
  });

  it('tells of errors as JSON with its status', async () => {
    const reply = await ask('GET', '/proxies/none');
    expect([reply.status, reply.text]).to.deep.equal([404, '{"error":"proxy not found","status":404}\n']);
    const json = differs('error-type');
    expect(reply.type).to.equal(json ? 'application/json' : 'text/plain; charset=utf-8');
    expect(reply.headers['x-content-type-options']).to.equal(json ? undefined : 'nosniff');
  });

  const unreadable = [
    '',
    'garbage',
    '{',
    '{"name":',
    '[1,',
    '"a',
    '{"name":"a",}',
    '{a:1}',
    "{'a':1}",
    '\u00001',
    '-',
    '01x',
    'nul',
  ];
  for (const body of unreadable) {
    it(`cannot read ${JSON.stringify(body)}`, async () => {
      for (const path of ['/proxies', '/populate']) {
        const { status, json } = await ask('POST', path, body);
        expect(json)
          .to.include({ status })
          .and.property('error')
          .match(/^bad request body: ./);
        expect(status).to.equal(400);
      }
    });
  }

  it('says EOF of an empty body', async () => {
    expect((await ask('POST', '/proxies', '')).json).to.deep.equal({
      error: 'bad request body: EOF',
      status: 400,
    });
  });

  for (const [field, value] of [
    ['name', 1],
    ['listen', true],
    ['upstream', ['127.0.0.1:1']],
    ['enabled', 'yes'],
  ] as const) {
    it(`wants another JSON type than ${JSON.stringify(value)} for ${field}`, async () => {
      const { status, json } = await ask('POST', '/proxies', { ...A, [field]: value });
      expect(status).to.equal(400);
      expect(json)
        .to.have.property('error')
        .match(/^bad request body: .*(name|listen|upstream|enabled)/);
    });
  }

  it('reads keys in any case, skips unknown ones, and takes null for nothing', async () => {
    const body = '{"NAME":"a","Listen":"127.0.0.1:0","uPSTREAM":"127.0.0.1:1","enabled":null,"x":[{}]}';
    const { status, json } = await ask('POST', '/proxies', body, { 'Content-Type': 'text/plain' });
    expect(status).to.equal(201);
    expect(json).to.include({ name: 'a', enabled: true });
  });

  it('takes the last of a key that comes twice', async () => {
    const { json } = await ask(
      'POST',
      '/proxies',
      '{"name":"b","name":"a","listen":"127.0.0.1:0","upstream":"x:1"}',
    );
    expect(json).to.include({ name: 'a' });
  });

  it('takes null for an empty object', async () => {
    expect((await ask('POST', '/proxies', 'null')).json).to.deep.equal({
      error: 'missing required field: name',
      status: 400,
    });
  });

  it('reads the first JSON value', async () => {
    const { status } = await ask('POST', '/proxies', `${JSON.stringify(A)} {"name":"b"}`);
    expect(status).to.equal(differs('trailing-data') ? 400 : 201);
    expect((await ask('POST', '/proxies', `${JSON.stringify({ ...A, name: 'c' })}\n `)).status).to.equal(201);
  });

  it('has a limit for bodies', async () => {
    const long = { ...A, upstream: '127.0.0.1:1', x: 'y'.repeat(1_100_000) };
    expect((await ask('POST', '/proxies', long)).status).to.equal(differs('body-size') ? 413 : 201);
    const deep = `{"name":"b","listen":"127.0.0.1:0","upstream":"x:1","x":${'['.repeat(200)}${']'.repeat(200)}}`;
    expect((await ask('POST', '/proxies', deep)).status).to.equal(differs('body-size') ? 400 : 201);
  });

  it('shows the counters of the proxies', async () => {
    await ask('POST', '/proxies', { ...A, listen: '127.0.0.1:0' });
    for (const method of ['GET', 'POST']) {
      const { status, type, text } = await ask(method, '/metrics');
      expect(status).to.equal(200);
      expect(type).to.match(/^text\/plain; version=0.0.4; charset=utf-8/);
      // The original shows them when a connection has ended.
      expect(text.includes('toxiproxy_proxy_connections_total{listener="127.0.0.1:')).to.equal(
        differs('metrics'),
      );
    }
  });
});
