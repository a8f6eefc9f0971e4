import { readFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { CloseWaitError } from '#core';
import { Namespace } from '#sys';
import { namespacedControl } from './namespaced.ts';
import { Refusal } from './refusal.ts';

describe('proxies in a process of their own', () => {
  const control = () => namespacedControl(Namespace.home(), { seed: 1, strict: false });

  it('are made, told what to do, and gone with it', async () => {
    const server = createServer((socket) => socket.end('hello'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const proxies = control();
    try {
      const upstream = `127.0.0.1:${(server.address() as AddressInfo).port}`;
      const made = await proxies.createProxy({ name: 'one', upstream });
      const toxic = await proxies.addToxic('one', { type: 'latency', attributes: { latency: 5 } });
      expect(toxic).to.include({ name: 'latency_downstream', type: 'latency' });
      expect(await proxies.listProxies()).to.deep.equal([{ ...made, toxics: [toxic] }]);
      const [address, port] = made.listen.split(':');
      const client = connect(Number(port), address);
      expect(String((await once(client, 'data'))[0])).to.equal('hello');
      client.destroy();
    } finally {
      await proxies[Symbol.asyncDispose]();
      server.close();
    }
  });

  it('refuse as the API does', async () => {
    const proxies = control();
    const refused = await proxies.getProxy('none').catch((error: unknown) => error);
    await proxies[Symbol.asyncDispose]();
    expect(refused).to.be.an.instanceOf(CloseWaitError).with.property('code', 'CW_PROXY_SERVER');
    expect((refused as CloseWaitError).cause)
      .to.be.an.instanceOf(Refusal)
      .with.property('status', 404);
  });

  it('say so when they are gone', async () => {
    const proxies = control();
    await proxies.version();
    const pid = Number(proxies.where.split(' ')[1]);
    const asked = proxies.version().catch((error: unknown) => error);
    process.kill(pid, 'SIGKILL');
    await proxies[Symbol.asyncDispose]();
    const later = await proxies.version().catch((error: unknown) => error);
    expect(later).to.be.an.instanceOf(CloseWaitError).with.property('code', 'CW_PROXY_PROCESS');
    // It may have answered before.
    expect(await asked).to.satisfy((found: unknown) => found === '2.12.0' || found instanceof CloseWaitError);
    expect(() => readFileSync(`/proc/${pid}/cmdline`)).to.throw('ENOENT');
  });
});
