import { createServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { expect } from 'chai';
import { contract } from './testing/contract.ts';
import { freePort } from './testing/toxiproxy.ts';

const A = { name: 'a', listen: '127.0.0.1:0', upstream: '127.0.0.1:1' };
const BOUND = /^127\.0\.0\.1:[1-9]\d*$/;

interface Shown {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
  readonly enabled: boolean;
  readonly toxics: readonly { readonly name: string }[];
}

contract('proxies', (server) => {
  const { ask, differs } = server;
  const create = async (more: object = {}): Promise<Shown> => {
    const { status, json, text } = await ask('POST', '/proxies', { ...A, ...more });
    expect(status, text).to.equal(201);
    return json as Shown;
  };
  const get = async (name = 'a'): Promise<Shown> => (await ask('GET', `/proxies/${name}`)).json as Shown;
  let taken: TcpServer | undefined;
  let takenAt = '';

  before(async () => {
    const other = (taken = createServer((socket) => socket.destroy()));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    takenAt = `127.0.0.1:${(other.address() as AddressInfo).port}`;
  });
  after(() => taken?.close());

  it('are none at first', async () => {
    expect(await ask('GET', '/proxies')).to.include({ status: 200, type: 'application/json', text: '{}' });
  });

  it('are shown with the address that was bound, keys in order', async () => {
    const proxy = await create();
    expect(proxy.listen).to.match(BOUND);
    expect(Object.keys(proxy)).to.deep.equal([
      'name',
      'listen',
      'upstream',
      'enabled',
      ...(differs('logger-key') ? [] : ['Logger']),
      'toxics',
    ]);
    expect(proxy).to.deep.include({ name: 'a', upstream: '127.0.0.1:1', enabled: true, toxics: [] });
    expect(await get()).to.deep.equal(proxy);
  });

  it('are listed by name', async () => {
    for (const name of ['b', '10', '9', 'a']) await create({ name });
    const { text } = await ask('GET', '/proxies');
    expect([...text.matchAll(/"name":"(\w+)"/g)].map(([, name]) => name)).to.deep.equal([
      '10',
      '9',
      'a',
      'b',
    ]);
  });

  it('want a name and an upstream, in this order', async () => {
    const missing = async (body: object): Promise<unknown> => {
      const { status, json } = await ask('POST', '/proxies', body);
      expect(status).to.equal(400);
      return (json as { error: string }).error;
    };
    expect(await missing({})).to.equal('missing required field: name');
    expect(await missing({ name: '', upstream: '' })).to.equal('missing required field: name');
    expect(await missing({ name: 'a' })).to.equal('missing required field: upstream');
  });

  it('exist once by name, and a second leaves no port open', async () => {
    const { listen } = await create();
    const port = await freePort();
    expect(await ask('POST', '/proxies', { ...A, listen: `127.0.0.1:${port}` })).to.include({
      status: 409,
      text: '{"error":"proxy already exists","status":409}\n',
    });
    expect((await get()).listen).to.equal(listen);
    await create({ name: 'b', listen: `127.0.0.1:${port}` });
  });

  it('are not made where the port is taken', async () => {
    const { status, json } = await ask('POST', '/proxies', { ...A, listen: takenAt });
    expect(status).to.equal(500);
    expect(json).to.deep.equal({ error: `listen tcp ${takenAt}: bind: address already in use`, status: 500 });
    expect((await ask('GET', '/proxies/a')).status).to.equal(404);
  });

  for (const listen of ['127.0.0.1', '99999', 'a:b:c', '127.0.0.1:99999', '127.0.0.1:x']) {
    it(`cannot listen at '${listen}'`, async () => {
      const { status, json } = await ask('POST', '/proxies', { ...A, listen });
      expect(status).to.equal(differs('listen-text') ? 400 : 500);
      expect(json)
        .to.have.property('error')
        .match(differs('listen-text') ? /^listen: / : /^listen tcp/);
      const disabled = await ask('POST', '/proxies', { ...A, listen, enabled: false });
      expect(disabled.status).to.equal(differs('listen-text') ? 400 : 201);
    });
  }

  for (const upstream of ['redis', 'redis:', 'redis:0', ':6379', 'redis:99999']) {
    it(`dial '${upstream}'`, async () => {
      const { status } = await ask('POST', '/proxies', { ...A, upstream });
      expect(status).to.equal(differs('upstream-text') ? 400 : 201);
    });
  }

  it('have any upstream after an update', async () => {
    await create();
    const { status } = await ask('POST', '/proxies/a', { upstream: '' });
    expect(status).to.equal(differs('upstream-text') ? 400 : 200);
    expect((await get()).upstream).to.equal(differs('upstream-text') ? '127.0.0.1:1' : '');
  });

  it('listen somewhere where nothing is asked', async () => {
    const { status, json } = await ask('POST', '/proxies', {
      name: 'a',
      upstream: '127.0.0.1:1',
      enabled: false,
    });
    expect(status).to.equal(201);
    expect(json).to.have.property('listen', differs('listen-missing') ? '127.0.0.1:0' : '');
  });

  it('listen beyond the loopback', async () => {
    const listen = '198.18.0.1:80';
    const { status, json } = await ask('POST', '/proxies', { ...A, listen, enabled: false });
    expect(status).to.equal(differs('listen-loopback') ? 400 : 201);
    expect(json)
      .to.have.property(status === 400 ? 'error' : 'listen')
      .include(listen);
  });

  it('resolve the host that they listen at', async () => {
    expect((await create({ listen: 'localhost:0' })).listen).to.match(BOUND);
  });

  it('are made disabled, with listen as given', async () => {
    expect(await create({ listen: 'localhost:0', enabled: false })).to.include({
      listen: 'localhost:0',
      enabled: false,
    });
  });

  for (const method of ['POST', 'PATCH']) {
    it(`are enabled and disabled by ${method}`, async () => {
      await create({ listen: 'localhost:0', enabled: false });
      const { status, json } = await ask(method, '/proxies/a', { enabled: true });
      expect(status).to.equal(200);
      const { listen } = json as Shown;
      expect(listen).to.match(BOUND);
      expect((await ask(method, '/proxies/a', { enabled: false })).json).to.include({
        enabled: false,
        listen,
      });
      expect((await ask(method, '/proxies/a', { enabled: true })).json).to.include({ enabled: true, listen });
    });

    it(`keep what ${method} does not name, and their name`, async () => {
      const before = await create();
      const { json } = await ask(method, '/proxies/a', { name: 'b', upstream: '127.0.0.1:2' });
      expect(json).to.deep.equal({ ...before, upstream: '127.0.0.1:2' });
    });
  }

  it('move to another port, toxics and all, and are in the way no longer', async () => {
    const { listen } = await create();
    await ask('POST', '/proxies/a/toxics', { type: 'latency' });
    const { json } = await ask('POST', '/proxies/a', { listen: '127.0.0.1:0' });
    expect((json as Shown).listen)
      .to.match(BOUND)
      .and.not.equal(listen);
    expect((json as Shown).toxics).to.have.length(1);
    await create({ name: 'b', listen });
  });

  it('stay where they are when asked for the same address by name', async () => {
    const { listen } = await create();
    const byName = listen.replace('127.0.0.1', 'localhost');
    const { status, json } = await ask('POST', '/proxies/a', { listen: byName });
    expect([status, (json as Shown).listen]).to.deep.equal([200, listen]);
  });

  it('change nothing when the new address cannot be read or resolved', async () => {
    const before = await create();
    // Too long a label: no name server is asked.
    for (const listen of ['bad', `${'x'.repeat(64)}:0`]) {
      const { status } = await ask('POST', '/proxies/a', { listen, upstream: '127.0.0.1:2' });
      expect(status).to.equal(differs('listen-text') && listen === 'bad' ? 400 : 500);
      expect(await get()).to.deep.equal(before);
    }
  });

  it('are gone when they are deleted, and so is their port', async () => {
    const { listen } = await create();
    const { status, text, type } = await ask('DELETE', '/proxies/a');
    expect({ status, text, type }).to.deep.equal({ status: 204, text: '', type: '' });
    expect((await ask('DELETE', '/proxies/a')).text).to.equal('{"error":"proxy not found","status":404}\n');
    await create({ name: 'b', listen });
  });

  it('are not found, whatever is asked of them', async () => {
    for (const [method, path] of [
      ['GET', ''],
      ['POST', ''],
      ['PATCH', ''],
      ['GET', '/toxics'],
      ['POST', '/toxics'],
      ['GET', '/toxics/x'],
      ['POST', '/toxics/x'],
      ['DELETE', '/toxics/x'],
    ] as const) {
      const { status, json } = await ask(method, `/proxies/none${path}`, method === 'GET' ? undefined : {});
      expect([status, json]).to.deep.equal([404, { error: 'proxy not found', status: 404 }]);
    }
  });

  for (const name of ['sp ace', 'ü€𝄞', 'a%b', '?#&', '..a', '"quoted"']) {
    it(`can be named ${name}`, async () => {
      await create({ name });
      const path = `/proxies/${encodeURIComponent(name)}`;
      expect((await ask('GET', path)).json).to.include({ name });
      expect((await ask('DELETE', path)).status).to.equal(204);
    });
  }

  for (const name of ['a/b', '.', '..', 'line\nbreak', 'x'.repeat(201)]) {
    it(`and hardly ${JSON.stringify(name.slice(0, 20))}`, async () => {
      const { status } = await ask('POST', '/proxies', { ...A, name, enabled: false });
      expect(status).to.equal(differs('names') ? 400 : 201);
    });
  }

  it('have connections that can be listed', async () => {
    await create();
    expect((await ask('GET', '/proxies/a/connections')).status).to.equal(differs('connections') ? 200 : 404);
  });

  it('have toxics from the beginning', async () => {
    const { toxics } = await create({ toxics: [{ type: 'latency', attributes: { latency: 5 } }] });
    expect(toxics.map(({ name }) => name)).to.deep.equal(
      differs('toxics-on-create') ? ['latency_downstream'] : [],
    );
  });
});
