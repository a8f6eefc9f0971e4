import { createServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { expect } from 'chai';
import { contract } from './testing/contract.ts';
import { freePort } from './testing/toxiproxy.ts';

interface Shown {
  readonly name: string;
  readonly listen: string;
  readonly enabled: boolean;
  readonly toxics: readonly object[];
}

interface Answer {
  readonly error?: string;
  readonly status?: number;
  readonly proxies: Shown[] | null;
}

contract('populate and reset', (server) => {
  const { ask, differs } = server;
  const populate = async (body: unknown): Promise<{ status: number; type: string; json: Answer }> => {
    const { status, type, json } = await ask('POST', '/populate', body);
    return { status, type, json: json as Answer };
  };
  const entry = (name: string, more: object = {}) => ({
    name,
    listen: '127.0.0.1:0',
    upstream: '127.0.0.1:1',
    ...more,
  });
  const get = async (name: string): Promise<Shown> => (await ask('GET', `/proxies/${name}`)).json as Shown;
  const names = (proxies: Shown[] | null) => proxies?.map(({ name }) => name);
  let taken: TcpServer | undefined;
  let takenAt = '';

  before(async () => {
    const other = (taken = createServer((socket) => socket.destroy()));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    takenAt = `127.0.0.1:${(other.address() as AddressInfo).port}`;
  });
  after(() => taken?.close());

  it('makes proxies in order, and starts them', async () => {
    const { status, type, json } = await populate([entry('b'), entry('a'), entry('c', { enabled: false })]);
    expect([status, type]).to.deep.equal([201, 'application/json']);
    expect(names(json.proxies)).to.deep.equal(['b', 'a', 'c']);
    expect(json.proxies!.map(({ enabled }) => enabled)).to.deep.equal([true, true, false]);
  });

  for (const nothing of ['[]', 'null']) {
    it(`makes nothing of ${nothing}`, async () => {
      const { status, json } = await populate(nothing);
      expect([status, json]).to.deep.equal([201, { proxies: differs('populate-nothing') ? [] : null }]);
    });
  }

  it('leaves alone what is there, toxics and all', async () => {
    const port = await freePort();
    const list = [entry('a', { listen: `127.0.0.1:${port}` })];
    await populate(list);
    await ask('POST', '/proxies/a/toxics', { type: 'noop' });
    const same = await populate([entry('a', { listen: `localhost:${port}`, enabled: false })]);
    expect(same.json.proxies![0]).to.deep.include({ listen: `127.0.0.1:${port}`, enabled: true });
    expect((await get('a')).toxics).to.have.length(1);
  });

  it('replaces what differs', async () => {
    const port = await freePort();
    await populate([entry('a', { listen: `127.0.0.1:${port}` })]);
    await ask('POST', '/proxies/a/toxics', { type: 'noop' });
    await populate([entry('a', { listen: `127.0.0.1:${port}`, upstream: '127.0.0.1:2' })]);
    expect(await get('a')).to.deep.include({
      listen: `127.0.0.1:${port}`,
      upstream: '127.0.0.1:2',
      toxics: [],
    });
  });

  it('can be asked again for any port', async () => {
    const [first] = (await populate([entry('a')])).json.proxies!;
    const [second] = (await populate([entry('a')])).json.proxies!;
    expect(second!.listen === first!.listen).to.equal(differs('populate-same'));
  });

  it('makes nothing where an entry lacks something', async () => {
    for (const [lacking, field] of [
      [{ name: '' }, 'name'],
      [{ upstream: '' }, 'upstream'],
    ] as const) {
      const { status, type, json } = await populate([entry('a'), entry('b', lacking)]);
      expect([status, type]).to.deep.equal([400, 'application/json']);
      expect(json).to.deep.equal({
        error: `missing required field: ${field} at proxy 2`,
        status: 400,
        proxies: null,
      });
      expect((await ask('GET', '/proxies')).text).to.equal('{}');
    }
  });

  it('tells of a body that it cannot read', async () => {
    for (const body of ['{}', '"a"', '[1]', '[{"name":1}]']) {
      const { status, json } = await populate(body);
      expect(status).to.equal(400);
      expect(json)
        .to.include({ status: 400, proxies: null })
        .and.property('error')
        .match(/^bad request body: /);
    }
  });

  it('ends at the first that cannot listen, and keeps those before', async () => {
    const { status, json } = await populate([entry('a'), entry('b', { listen: takenAt }), entry('c')]);
    expect(status).to.equal(500);
    expect(json).to.include({ status: 500, error: `listen tcp ${takenAt}: bind: address already in use` });
    expect(names(json.proxies)).to.deep.equal(['a']);
    expect(Object.keys((await ask('GET', '/proxies')).json as object)).to.deep.equal(['a']);
  });

  it('leaves what it cannot replace', async () => {
    await populate([entry('a')]);
    const { status, json } = await populate([entry('a', { listen: takenAt })]);
    expect([status, json.proxies]).to.deep.equal([500, null]);
    expect((await get('a')).enabled).to.equal(differs('populate-conflict'));
  });

  it('knows a name once in a list', async () => {
    const { status } = await populate([entry('a'), entry('a')]);
    expect(status).to.equal(differs('populate-twice') ? 400 : 201);
  });

  it('reset starts all and takes all toxics away', async () => {
    await populate([entry('a'), entry('b', { enabled: false })]);
    for (const name of ['a', 'b']) await ask('POST', `/proxies/${name}/toxics`, { type: 'latency' });
    const { status, text } = await ask('POST', '/reset');
    expect([status, text]).to.deep.equal([204, '']);
    for (const name of ['a', 'b']) expect(await get(name)).to.deep.include({ enabled: true, toxics: [] });
  });

  it('reset tells of a proxy that cannot listen', async () => {
    const list = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => entry(name));
    await populate([entry('0', { listen: takenAt, enabled: false }), ...list]);
    for (const { name } of list) await ask('POST', `/proxies/${name}/toxics`, { type: 'noop' });
    const { status, json } = await ask('POST', '/reset');
    expect([status, json]).to.deep.equal([
      500,
      { error: `listen tcp ${takenAt}: bind: address already in use`, status: 500 },
    ]);
    const after = await Promise.all(list.map(({ name }) => get(name)));
    // The original goes through them in no order: some may have been reset.
    if (differs('reset-conflict')) expect(after.flatMap(({ toxics }) => toxics)).to.deep.equal([]);
  });
});
