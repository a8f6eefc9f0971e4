import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { CloseWaitError } from '#core';
import type { ProxyControl } from './control.ts';
import { embeddedControl } from './embedded.ts';
import { makeProxy } from './proxy.ts';
import { Refusal } from './refusal.ts';
import { remoteControl } from './remote.ts';
import { contract } from './testing/contract.ts';
import { freePort } from './testing/toxiproxy.ts';

/** The message, the code and the status of what is refused. */
async function refusal(
  promise: Promise<unknown>,
): Promise<{ code: string; status: number; message: string }> {
  try {
    await promise;
  } catch (error) {
    if (!(error instanceof CloseWaitError)) throw error;
    const { code, message, cause } = error;
    return { code, message, status: cause instanceof Refusal ? cause.status : 0 };
  }
  throw new Error('it was not refused');
}

const A = { name: 'a', upstream: '127.0.0.1:1' };

function behaves(start: () => ProxyControl): void {
  let control: ProxyControl;
  beforeEach(() => {
    control = start();
  });
  afterEach(() => control[Symbol.asyncDispose]());

  it('tells the version', async () => {
    expect(await control.version()).to.equal('2.12.0');
  });

  it('makes, shows, changes and removes proxies', async () => {
    const made = await control.createProxy(A);
    expect(made).to.deep.include({ ...A, enabled: true, toxics: [] });
    expect(made.listen).to.match(/^127\.0\.0\.1:[1-9]/);
    await control.createProxy({ ...A, name: 'b', enabled: false });
    expect((await control.listProxies()).map(({ name, enabled }) => [name, enabled])).to.deep.equal([
      ['a', true],
      ['b', false],
    ]);
    const moved = await control.updateProxy('a', { upstream: '127.0.0.1:2' });
    expect(moved).to.deep.equal({ ...made, upstream: '127.0.0.1:2' });
    await control.removeProxy('a');
    expect((await control.listProxies()).map(({ name }) => name)).to.deep.equal(['b']);
  });

  it('makes a proxy with its toxics', async () => {
    const latency = { type: 'latency', attributes: { latency: 5 } };
    const { enabled, toxics } = await control.createProxy({
      ...A,
      toxics: [latency, { type: 'noop', name: 'n' }],
    });
    expect(enabled).to.equal(true);
    expect(toxics.map(({ name }) => name)).to.deep.equal(['latency_downstream', 'n']);
  });

  it('leaves no proxy where a toxic cannot be made', async () => {
    const { status, message } = await refusal(control.createProxy({ ...A, toxics: [{ type: 'none' }] }));
    expect(status).to.equal(400);
    expect(message).to.include('invalid toxic type');
    expect(await control.listProxies()).to.deep.equal([]);
  });

  it('makes, changes and removes toxics', async () => {
    await control.createProxy(A);
    const toxic = {
      name: 't',
      type: 'latency',
      stream: 'upstream',
      toxicity: 0.5,
      attributes: { latency: 5, jitter: 2 },
    } as const;
    expect(await control.addToxic('a', toxic)).to.deep.equal(toxic);
    const changed = { ...toxic, attributes: { latency: 9, jitter: 2 } };
    expect(await control.updateToxic('a', 't', { attributes: { latency: 9 } })).to.deep.equal(changed);
    expect((await control.getProxy('a')).toxics).to.deep.equal([changed]);
    await control.removeToxic('a', 't');
    expect((await control.getProxy('a')).toxics).to.deep.equal([]);
  });

  it('resets', async () => {
    await control.createProxy({ ...A, enabled: false });
    await control.addToxic('a', { type: 'noop' });
    await control.reset();
    expect(await control.getProxy('a')).to.deep.include({ enabled: true, toxics: [] });
  });

  for (const name of ['sp ace', 'a%2Fb', '?x=1', '#', 'ü', '..b']) {
    it(`addresses what is called ${name}`, async () => {
      await control.createProxy({ ...A, name, toxics: [{ type: 'noop', name }] });
      expect(await control.updateToxic(name, name, { toxicity: 0 })).to.include({ name, toxicity: 0 });
      await control.removeToxic(name, name);
      await control.removeProxy(name);
      expect(await control.listProxies()).to.deep.equal([]);
    });
  }

  for (const name of ['a/b', '..', '.']) {
    it(`makes nothing called ${name}, which could not be removed`, async () => {
      expect(await refusal(control.createProxy({ ...A, name }))).to.include({
        code: 'CW_PROXY_SERVER',
        status: 400,
      });
      await control.createProxy(A);
      expect((await refusal(control.addToxic('a', { type: 'noop', name }))).status).to.equal(400);
    });
  }

  it('keeps the words of who refuses', async () => {
    const { listen } = await control.createProxy(A);
    for (const [ask, status, words] of [
      [() => control.createProxy(A), 409, 'proxy already exists'],
      [
        () => control.createProxy({ ...A, name: 'b', listen }),
        500,
        `${listen}: bind: address already in use`,
      ],
      [() => control.getProxy('none'), 404, 'proxy not found'],
      [() => control.removeToxic('a', 'none'), 404, 'toxic not found'],
    ] as const) {
      const refused = await refusal(ask());
      expect(refused).to.include({ code: 'CW_PROXY_SERVER', status });
      expect(refused.message).to.include(words);
    }
  });

  it('removes what it has made, and is not disturbed where that is gone', async () => {
    const { listen } = await control.createProxy(A);
    await control.createProxy({ ...A, name: 'b' });
    const other = start();
    await control[Symbol.asyncDispose]();
    // Its port is free again.
    expect((await other.createProxy({ ...A, listen })).listen).to.equal(listen);
    await other[Symbol.asyncDispose]();
  });
}

describe('a control of proxies in process', () => {
  behaves(() => embeddedControl({ makeProxy, seed: 1, strict: false }));

  it('never listens beyond the loopback', async () => {
    await using control = embeddedControl({ makeProxy, seed: 1, strict: true });
    expect((await refusal(control.createProxy({ ...A, listen: '0.0.0.0:0' }))).status).to.equal(400);
  });

  it('lists connections', async () => {
    await using control = embeddedControl({ makeProxy, seed: 1, strict: true });
    await control.createProxy(A);
    expect(await control.connections('a')).to.deep.equal([]);
  });
});

contract('a control by HTTP', (server) => {
  behaves(() => remoteControl(`${server.url}/`));

  it('lists connections where the server tells', async () => {
    await using control = remoteControl(server.url);
    await control.createProxy(A);
    expect(await control.connections('a')).to.deep.equal(server.differs('connections') ? [] : null);
  });
});

describe('a control by HTTP, of what is no Toxiproxy', () => {
  const answer = async (
    respond: (path: string) => { status?: number; body?: string } | null,
    ask: (control: ProxyControl) => Promise<unknown>,
  ): Promise<string> => {
    const server = createServer((request, response) => {
      const { status = 200, body = '' } = respond(request.url!) ?? {};
      if (respond(request.url!) !== null) response.writeHead(status).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { code, message } = await refusal(ask(remoteControl(url, { timeoutMs: 100 })));
    server.closeAllConnections();
    server.close();
    expect(code).to.equal('CW_PROXY_SERVER');
    return message.replace(url, 'URL');
  };
  const list = (control: ProxyControl): Promise<unknown> => control.listProxies();

  it('gives up when there is no answer', async () => {
    expect(await answer(() => null, list)).to.equal('GET URL/proxies: no answer within 0.1 s');
  });

  it('says what is answered otherwise', async () => {
    expect(await answer(() => ({ status: 503, body: '<html>Timeout</html>' }), list)).to.equal(
      'GET URL/proxies: HTTP 503: <html>Timeout</html>',
    );
    expect(await answer(() => ({ status: 502 }), list)).to.equal(
      'GET URL/proxies: HTTP 502: no reason is given',
    );
    expect(await answer(() => ({ body: 'hello' }), list)).to.equal(
      'GET URL/proxies: the answer is not JSON: hello',
    );
  });

  it('says that nobody is there', async () => {
    const { message } = await refusal(remoteControl(`http://127.0.0.1:${await freePort()}`).version());
    expect(message).to.match(/^GET http:\/\/127\.0\.0\.1:\d+\/version: .*ECONNREFUSED/);
  });
});
