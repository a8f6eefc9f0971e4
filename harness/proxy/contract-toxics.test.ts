import { expect } from 'chai';
import { contract } from './testing/contract.ts';

const TYPES: Readonly<Record<string, object>> = {
  latency: { latency: 0, jitter: 0 },
  bandwidth: { rate: 0 },
  slow_close: { delay: 0 },
  timeout: { timeout: 0 },
  reset_peer: { timeout: 0 },
  slicer: { average_size: 0, size_variation: 0, delay: 0 },
  limit_data: { bytes: 0 },
  noop: {},
};
const EXTENSIONS = [
  'packet_loss',
  'half_close',
  'reset',
  'hold_fin',
  'refuse',
  'hang_connect',
  'corrupt',
  'close_after',
  'first_n',
];
const LATENCY = {
  name: 'l',
  type: 'latency',
  stream: 'upstream',
  toxicity: 0.5,
  attributes: { latency: 5, jitter: 2 },
};

contract('toxics', (server) => {
  const { ask, differs } = server;
  const add = (toxic: unknown) => ask('POST', '/proxies/a/toxics', toxic);
  const refused = async (toxic: unknown): Promise<[number, string]> => {
    const { status, json } = await add(toxic);
    return [status, (json as { error: string }).error];
  };

  beforeEach(() => ask('POST', '/proxies', { name: 'a', listen: '127.0.0.1:0', upstream: '127.0.0.1:1' }));

  it('are none at first', async () => {
    expect(await ask('GET', '/proxies/a/toxics')).to.include({ status: 200, text: '[]' });
  });

  for (const [type, attributes] of Object.entries(TYPES)) {
    it(`${type} has its defaults, all shown, keys in order`, async () => {
      const { status, text } = await add({ type });
      const expected = { attributes, name: `${type}_downstream`, type, stream: 'downstream', toxicity: 1 };
      expect([status, text]).to.deep.equal([200, JSON.stringify(expected)]);
      expect((await ask('GET', `/proxies/a/toxics/${expected.name}`)).json).to.deep.equal(expected);
    });
  }

  for (const type of EXTENSIONS) {
    it(`${type} is not of every server`, async () => {
      expect((await add({ type })).status).to.equal(differs('toxic-types') ? 200 : 400);
    });
  }

  it('are shown as they were given', async () => {
    expect((await add(LATENCY)).json).to.deep.equal(LATENCY);
    expect((await ask('GET', '/proxies/a/toxics')).json).to.deep.equal([LATENCY]);
  });

  it('are shown upstream first, each in order', async () => {
    for (const [name, stream] of [
      ['1', 'downstream'],
      ['2', 'upstream'],
      ['3', 'downstream'],
      ['4', 'upstream'],
    ])
      await add({ type: 'noop', name, stream });
    const { json } = await ask('GET', '/proxies/a/toxics');
    expect((json as { name: string }[]).map(({ name }) => name)).to.deep.equal(['2', '4', '1', '3']);
    expect((await ask('GET', '/proxies/a')).json)
      .to.have.property('toxics')
      .deep.equal(json);
  });

  for (const type of ['', 'down', 'Latency', 'constructor', '__proto__', 'toString']) {
    it(`have no type '${type}'`, async () => {
      const [status, error] = await refused({ type });
      expect(status).to.equal(400);
      if (differs('toxic-types')) expect(error).to.match(/^invalid toxic type: there are latency, /);
      else expect(error).to.equal('invalid toxic type');
    });
  }

  it('go one of two ways, which is checked before the type', async () => {
    for (const stream of ['', 'both', 'up'])
      expect(await refused({ type: 'nothing', stream })).to.deep.equal([
        400,
        'stream was invalid, can be either upstream or downstream',
      ]);
  });

  it('go their way in any case', async () => {
    const { status, json } = await add({ type: 'latency', stream: 'UPSTREAM' });
    const lower = differs('stream-case');
    expect([status, json]).to.deep.equal([
      200,
      {
        attributes: TYPES['latency'],
        name: lower ? 'latency_upstream' : 'latency_UPSTREAM',
        type: 'latency',
        stream: differs('stream-case-shown') ? 'upstream' : 'UPSTREAM',
        toxicity: 1,
      },
    ]);
  });

  it('have names of their own, in both directions together', async () => {
    await add(LATENCY);
    for (const stream of ['upstream', 'downstream'])
      expect(await refused({ type: 'noop', name: 'l', stream })).to.deep.equal([409, 'toxic already exists']);
    for (const stream of ['upstream', 'downstream'])
      expect((await add({ type: 'noop', stream })).status).to.equal(200);
  });

  for (const value of [1.5, '1', true, [], {}]) {
    it(`have no attribute ${JSON.stringify(value)}`, async () => {
      const [status, error] = await refused({ type: 'latency', attributes: { latency: value } });
      expect([status, error.startsWith('bad request body: ')]).to.deep.equal([400, true]);
      expect((await ask('GET', '/proxies/a/toxics')).text).to.equal('[]');
    });
  }

  for (const written of ['1.0', '1e3', '99999999999999999999']) {
    it(`have no attribute written ${written}`, async () => {
      expect((await add(`{"type":"latency","attributes":{"latency":${written}}}`)).status).to.equal(400);
    });
  }

  it('read attributes in any case, and null as nothing', async () => {
    const { json } = await add('{"type":"latency","attributes":{"Latency":7,"JITTER":null}}');
    expect(json).to.have.property('attributes').deep.equal({ latency: 7, jitter: 0 });
  });

  it('have attributes in a range', async () => {
    const { status } = await add({ type: 'latency', attributes: { latency: -1 } });
    expect(status).to.equal(differs('attribute-range') ? 400 : 200);
  });

  it('have attributes that nobody dies of', async () => {
    for (const [type, attribute] of [
      ['bandwidth', 'rate'],
      ['slicer', 'average_size'],
      ['slicer', 'size_variation'],
    ] as const) {
      const { status } = await add({ type, name: attribute, attributes: { [attribute]: -1 } });
      expect(status, attribute).to.equal(differs('attribute-deadly') ? 400 : 200);
    }
  });

  it('have attributes of a size', async () => {
    const { status, text } = await add('{"type":"limit_data","attributes":{"bytes":9223372036854775807}}');
    if (differs('attribute-size')) expect(status).to.equal(400);
    else expect(text).to.include('"bytes":9223372036854775807');
  });

  it('have the attributes of their type', async () => {
    const [status, error] = await refused({ type: 'latency', attributes: { latancy: 5 } }).catch(() => [
      200,
      '',
    ]);
    expect(status).to.equal(differs('attribute-unknown') ? 400 : 200);
    if (status === 400) expect(error).to.include('"latancy"').and.include('latency, jitter');
  });

  for (const toxicity of [7.5, -1]) {
    it(`act on ${toxicity} of all connections`, async () => {
      const { status, json } = await add({ ...LATENCY, toxicity });
      expect(status).to.equal(differs('toxicity') ? 400 : 200);
      if (status === 200) expect(json).to.include({ toxicity });
    });
  }

  it('show the toxicity in single precision', async () => {
    for (const [given, shown] of [
      [0.1, '0.1'],
      [0.2, '0.2'],
      [0, '0'],
      [0.123456789, '0.12345679'],
    ] as const) {
      const { text } = await add({ ...LATENCY, name: `t${given}`, toxicity: given });
      expect(text).to.include(`"toxicity":${shown}}`);
    }
  });

  for (const method of ['POST', 'PATCH']) {
    it(`${method} changes what is given, and nothing else`, async () => {
      await add(LATENCY);
      const change = { name: 'm', type: 'noop', stream: 'downstream', attributes: { latency: 9 } };
      const { status, json } = await ask(method, '/proxies/a/toxics/l', change);
      const changed = { ...LATENCY, attributes: { latency: 9, jitter: 2 } };
      expect([status, json]).to.deep.equal([200, changed]);
      expect((await ask(method, '/proxies/a/toxics/l', { toxicity: 0 })).json).to.deep.equal({
        ...changed,
        toxicity: 0,
      });
      expect((await ask(method, '/proxies/a/toxics/l', {})).json).to.deep.equal({ ...changed, toxicity: 0 });
    });

    it(`${method} changes all or nothing`, async () => {
      await add(LATENCY);
      const change = { toxicity: 1, attributes: { latency: 77, jitter: 'x' } };
      expect((await ask(method, '/proxies/a/toxics/l', change)).status).to.equal(400);
      const attributes = differs('toxic-update') ? LATENCY.attributes : { latency: 77, jitter: 2 };
      expect((await ask('GET', '/proxies/a/toxics/l')).json).to.deep.equal({ ...LATENCY, attributes });
    });
  }

  it('are gone when they are deleted', async () => {
    await add(LATENCY);
    const { status, text } = await ask('DELETE', '/proxies/a/toxics/l');
    expect([status, text]).to.deep.equal([204, '']);
    for (const method of ['GET', 'DELETE', 'POST', 'PATCH']) {
      const reply = await ask(method, '/proxies/a/toxics/l', method === 'GET' ? undefined : {});
      expect([reply.status, reply.json]).to.deep.equal([404, { error: 'toxic not found', status: 404 }]);
    }
  });

  it('can have any name that a path can have', async () => {
    await add({ ...LATENCY, name: 'ä b' });
    expect((await ask('GET', `/proxies/a/toxics/${encodeURIComponent('ä b')}`)).json).to.include({
      name: 'ä b',
    });
  });
});
