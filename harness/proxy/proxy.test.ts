import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect } from 'chai';
import { CloseWaitError } from '#core';
import { makeProxy } from './proxy.ts';
import { dataPlane, pattern, toxicOf, until } from './testing/data-plane.ts';
import { open, Upstream } from './testing/wires.ts';

describe('a proxy', () => {
  const at = dataPlane();
  const code = (error: unknown): string => (error instanceof CloseWaitError ? error.code : String(error));
  const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', code);

  it('keeps the port that the kernel chose, stopped and started again', async () => {
    const proxy = await at.start();
    const { listen } = proxy;
    expect(listen).to.match(/^127\.0\.0\.1:[1-9]/);
    await proxy.stop();
    await proxy.stop();
    expect([proxy.listen, proxy.enabled]).to.deep.equal([listen, false]);
    const error = await open(listen).catch((thrown: unknown) => thrown);
    expect(error).to.have.property('code', 'ECONNREFUSED');
    await proxy.start();
    expect([proxy.listen, proxy.enabled]).to.deep.equal([listen, true]);
    expect(await codeOf(proxy.start())).to.equal('CW_PROXY_LISTEN');
    expect(proxy.enabled).to.equal(true);
  });

  it('that was never started can be stopped', async () => {
    const settings = { name: 'a', listen: '127.0.0.1:0', upstream: at.upstream.address, enabled: false };
    const proxy = makeProxy(settings, { seed: 1, strict: false });
    await proxy.stop();
    expect([proxy.enabled, proxy.listen]).to.deep.equal([false, '127.0.0.1:0']);
  });

  it('cannot listen where another does, and can when that has gone', async () => {
    const first = await at.start();
    const second = await at.start();
    await second.stop();
    expect(await codeOf(second.update({ listen: first.listen, enabled: true }))).to.equal('CW_PROXY_LISTEN');
    expect(second.enabled).to.equal(false);
    const { listen } = first;
    await first.stop();
    await second.update({ listen, enabled: true });
    expect([second.listen, second.enabled]).to.deep.equal([listen, true]);
  });

  it('that cannot move stays where it is, with its connections', async () => {
    const proxy = await at.start();
    const other = await at.start();
    const { listen } = proxy;
    const { client, far } = await at.pair(proxy);
    // The same port of another address is in use, too: the old listener had to go first, and came back.
    const neighbour = createServer().listen(Number(listen.split(':')[1]), '127.0.0.2');
    await once(neighbour, 'listening');
    for (const taken of [other.listen, listen.replace('127.0.0.1', '127.0.0.2'), '192.0.2.1:1'])
      expect(await codeOf(proxy.update({ listen: taken })), taken).to.equal('CW_PROXY_LISTEN');
    neighbour.close();
    expect([proxy.listen, proxy.enabled]).to.deep.equal([listen, true]);
    client.socket.write('still here');
    await far.untilText('still here');
    await at.pair(proxy);
  });

  it('that moves, or has another upstream, ends its connections', async () => {
    await using second = await Upstream.start();
    const proxy = await at.start();
    const { listen } = proxy;
    const first = await at.pair(proxy);
    await proxy.update({ listen: '127.0.0.1:0' });
    await Promise.all([first.client.untilEnd(), first.far.untilEnd()]);
    expect(proxy.listen).to.not.equal(listen);

    const next = await at.pair(proxy);
    await proxy.update({ upstream: second.address });
    await Promise.all([next.client.untilEnd(), next.far.untilEnd()]);
    const client = await at.connect(proxy);
    client.socket.write('to the other');
    await (await second.accept()).untilText('to the other');
  });

  it('knows its toxics by name', async () => {
    const proxy = await at.start();
    const down = toxicOf({ type: 'latency', attributes: { latency: 5 } });
    const up = toxicOf({ type: 'noop', stream: 'upstream' });
    await proxy.addToxic(down);
    await proxy.addToxic(up);
    expect(proxy.toxics).to.deep.equal([up, down]);
    expect(await codeOf(proxy.addToxic({ ...up, name: down.name }))).to.equal('CW_PROXY_EXISTS');
    expect(await codeOf(proxy.addToxic({ ...up, name: 'b', type: 'constructor' }))).to.equal(
      'CW_PROXY_TOXIC',
    );
    for (const work of [proxy.updateToxic('none', {}), proxy.removeToxic('none')])
      expect(await codeOf(work)).to.equal('CW_PROXY_UNKNOWN');
    const changed = await proxy.updateToxic(down.name, { attributes: { jitter: 1 }, toxicity: 0.5 });
    expect(changed).to.deep.equal({ ...down, toxicity: 0.5, attributes: { latency: 5, jitter: 1 } });
    await proxy.removeAllToxics();
    expect(proxy.toxics).to.deep.equal([]);
  });

  it('counts what passes while it passes, and shows its connections', async () => {
    const proxy = await at.start();
    await proxy.addToxic(toxicOf({ type: 'bandwidth', name: 'none passes', stream: 'upstream' }));
    const { client, far } = await at.pair(proxy);
    client.socket.write('held');
    far.socket.write('passed on');
    await client.untilText('passed on');
    await until(() => proxy.counters.received.upstream === 4);
    expect(proxy.counters).to.deep.equal({
      connections: 1,
      received: { upstream: 4, downstream: 9 },
      sent: { upstream: 0, downstream: 9 },
    });
    const [shown] = proxy.connections();
    expect(shown).to.deep.include({
      id: 1,
      client: `127.0.0.1:${client.socket.localPort}`,
      local: `127.0.0.1:${far.socket.remotePort}`,
      bytes: { upstream: 0, downstream: 9 },
      toxics: { upstream: ['none passes'], downstream: [] },
      ends: { upstream: 'open', downstream: 'open' },
    });
    expect(Date.now() - Date.parse(shown!.openedAt)).to.be.within(0, 5000);

    await proxy.removeAllToxics();
    await far.untilText('held');
    client.socket.end();
    far.socket.end();
    await until(() => proxy.connections().length === 0);
    expect(proxy.counters).to.deep.equal({
      connections: 1,
      received: { upstream: 4, downstream: 9 },
      sent: { upstream: 4, downstream: 9 },
    });
  });

  it('draws for each connection and toxic from its seed, whatever others do', async () => {
    const drawn = async (seed: number, bytes: number): Promise<string[]> => {
      const proxy = await at.start({ seed });
      for (const name of ['one', 'two'])
        await proxy.addToxic(
          toxicOf({ type: 'corrupt', name, toxicity: 0.5, attributes: { probability: 1 } }),
        );
      const found: string[] = [];
      for (let n = 0; n < 16; n++) {
        const { client, far } = await at.pair(proxy);
        found.push(proxy.connections().at(-1)!.toxics.downstream.join());
        far.socket.end(pattern(n % 2 === 0 ? bytes : 10));
        await client.untilEnd();
        if (n % 2 === 1) found.push(client.bytes.toString('hex'));
      }
      return found;
    };
    const first = await drawn(5, 10);
    expect(await drawn(5, 5000)).to.deep.equal(first);
    expect(await drawn(6, 10)).to.not.deep.equal(first);
  });

  it('stopped leaves no socket and no timer, whatever its toxics hold', async () => {
    const resources = (): string[] =>
      process.getActiveResourcesInfo().filter((name) => /TCP|Timeout|Immediate/.test(name));
    const before = resources().length;
    const upstream = await Upstream.start();
    const held = [
      { type: 'latency', attributes: { latency: 20_000 } },
      { type: 'bandwidth', attributes: { rate: 1 } },
      { type: 'slicer', attributes: { average_size: 1, delay: 20_000_000 } },
      { type: 'slow_close', attributes: { delay: 20_000 } },
      { type: 'timeout', attributes: { timeout: 20_000 } },
      { type: 'reset_peer', attributes: { timeout: 20_000 } },
      { type: 'half_close', attributes: { timeout: 20_000 } },
      { type: 'hold_fin', attributes: { timeout: 20_000 } },
      { type: 'close_after', attributes: { timeout: 20_000 } },
      { type: 'hang_connect', attributes: { timeout: 20_000 } },
    ];
    for (const toxic of held) {
      const proxy = await at.start({ upstream: upstream.address });
      await proxy.addToxic(toxicOf(toxic));
      const client = await open(proxy.listen);
      if (toxic.type !== 'hang_connect') (await upstream.accept()).socket.end('some bytes');
      await until(() => toxic.type === 'hang_connect' || proxy.counters.received.downstream === 10);
      expect(proxy.connections()).to.have.lengthOf(1);
      await proxy.stop();
      expect(proxy.connections()).to.deep.equal([]);
      client.socket.destroy();
    }
    await upstream[Symbol.asyncDispose]();
    await until(() => resources().length <= before);
  });
});
