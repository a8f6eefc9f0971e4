import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { contract } from './testing/contract.ts';
import { playground } from './testing/playground.ts';
import { freePort } from './testing/toxiproxy.ts';

const sinceMs = (from: number): number => performance.now() - from;

contract('connections without toxics', (server) => {
  const { differs } = server;
  const at = playground(server);

  it('pass bytes as they are, both ways', async () => {
    const { client, far } = await at.pair();
    const bytes = Buffer.from(Uint8Array.from({ length: 1_000_000 }, (_, n) => (n * 31) >> 3));
    client.socket.write(bytes);
    far.socket.write(bytes);
    for (const end of [client, far]) {
      await end.until('all bytes', () => end.bytes.length === bytes.length);
      expect(end.bytes.equals(bytes)).to.equal(true);
    }
  });

  it('pass a FIN of either side behind the data', async () => {
    for (const from of ['client', 'far'] as const) {
      const ends = await at.pair();
      const to = from === 'client' ? ends.far : ends.client;
      ends[from].socket.end('hello');
      await to.untilEnd();
      expect([to.text, to.end]).to.deep.equal(['hello', 'FIN']);
      await at.control.removeProxy('a');
    }
  });

  it('keep the way back open behind a FIN', async () => {
    const { client, far } = await at.pair();
    client.socket.end('question');
    await far.untilEnd();
    await delay(100);
    far.socket.end('answer');
    await client.untilEnd();
    expect([client.text, client.end]).to.deep.equal([differs('half-close') ? 'answer' : '', 'FIN']);
  });

  for (const from of ['client', 'far'] as const) {
    it(`pass a RST of the ${from === 'client' ? 'client' : 'upstream'}`, async () => {
      const ends = await at.pair();
      const to = from === 'client' ? ends.far : ends.client;
      ends[from].socket.write('x');
      await to.untilText('x');
      ends[from].socket.resetAndDestroy();
      await to.untilEnd();
      expect(to.end).to.equal(differs('reset-through') ? 'ECONNRESET' : 'FIN');
    });
  }

  it('show the client that the upstream refuses', async () => {
    await at.control.createProxy({ name: 'a', upstream: `127.0.0.1:${await freePort()}` });
    const client = await at.connect((await at.control.getProxy('a')).listen);
    await client.untilEnd();
    expect(client.end).to.equal(differs('upstream-refused') ? 'ECONNRESET' : 'FIN');
  });

  it('are refused, and end, when the proxy is disabled', async () => {
    const { client, far } = await at.pair();
    const { listen } = await at.control.updateProxy('a', { enabled: false });
    for (const end of [client, far]) await end.untilEnd();
    const error = await at.connect(listen).catch((thrown: unknown) => thrown as NodeJS.ErrnoException);
    expect(error).to.have.property('code', 'ECONNREFUSED');
  });

  it('go on while toxics come and go', async () => {
    const { client, far } = await at.pair();
    client.socket.write('a');
    await far.untilText('a');
    await at.control.addToxic('a', { type: 'latency', stream: 'upstream', attributes: { latency: 100 } });
    const began = performance.now();
    client.socket.write('b');
    await far.untilText('ab');
    expect(sinceMs(began)).to.be.within(99, 1000);
    await at.control.removeToxic('a', 'latency_upstream');
    client.socket.write('c');
    await far.untilText('abc');
  });

  it('stay when a new address cannot be had', async () => {
    const other = await at.connect(await at.proxied());
    const { listen } = await at.control.createProxy({ name: 'b', upstream: at.upstream.address });
    const before = await at.control.getProxy('a');
    await at.control.updateProxy('a', { listen }).catch(() => undefined);
    expect(await at.control.getProxy('a')).to.deep.equal(
      differs('update-failed') ? before : { ...before, listen, enabled: false },
    );
    other.socket.destroy();
  });
});
