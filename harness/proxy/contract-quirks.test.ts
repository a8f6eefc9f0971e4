import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { remoteControl } from './remote.ts';
import { contract } from './testing/contract.ts';
import { HangingUpstream } from './testing/hanging.ts';
import { playground } from './testing/playground.ts';
import { startToxiproxy } from './testing/toxiproxy.ts';
import type { End } from './testing/wires.ts';

contract('toxics with quirks', (server) => {
  const { differs } = server;
  const at = playground(server);

  it('latency that is changed, and what it holds', async () => {
    const { client, far } = await at.pair({
      type: 'latency',
      stream: 'upstream',
      attributes: { latency: 20_000 },
    });
    client.socket.write('held');
    await delay(50);
    await at.control.updateToxic('a', 'latency_upstream', { attributes: { latency: 19_000 } });
    await delay(100);
    expect(far.text).to.equal(differs('latency-update') ? '' : 'held');
  });

  it('timeout while data come', async () => {
    const began = performance.now();
    const { client } = await at.pair({ type: 'timeout', stream: 'upstream', attributes: { timeout: 300 } });
    for (let n = 0; n < 8 && client.end === ''; n++) {
      client.socket.write('x');
      await delay(100);
    }
    await client.untilEnd();
    const lasted = client.endedAt - began;
    if (differs('timeout-restarts')) expect(lasted).to.be.within(299, 800);
    else expect(lasted).to.be.above(900);
  });

  it('timeout and a FIN', async () => {
    const { client, far } = await at.pair({
      type: 'timeout',
      stream: 'upstream',
      attributes: { timeout: 0 },
    });
    client.socket.end('lost');
    await delay(150);
    expect([far.text, far.end]).to.deep.equal(['', differs('timeout-end') ? '' : 'FIN']);
  });

  it('timeout that lost nothing, when it is removed', async () => {
    const { client, far } = await at.pair({ type: 'timeout', stream: 'upstream', toxicity: 0 });
    client.socket.write('x');
    await far.untilText('x');
    await at.control.removeToxic('a', 'timeout_upstream');
    await delay(100);
    expect(far.end).to.equal(differs('timeout-removed') ? '' : 'FIN');
  });

  it('slicer’s pieces', async () => {
    const attributes = { average_size: 10, size_variation: 0, delay: 5000 };
    const { client, far } = await at.pair({ type: 'slicer', stream: 'upstream', attributes });
    client.socket.end(Buffer.alloc(100));
    await far.untilEnd();
    // Some may have come together.
    const tens = far.chunks.every(({ length }) => length % 10 === 0);
    expect(tens).to.equal(differs('slicer-pieces'));
  });

  it('slicer without a size', async function () {
    // Go fills a stack of 1 GB before it dies of it.
    this.timeout(40_000);
    // Who may die of it is one of its own.
    const own = differs('slicer-zero') ? undefined : await startToxiproxy();
    const control = remoteControl(own?.url ?? server.url);
    const toxics = [{ type: 'slicer', stream: 'upstream' }] as const;
    const { listen } = await control.createProxy({ name: 'zero', upstream: at.upstream.address, toxics });
    const client = await at.connect(listen);
    client.socket.write('x');
    if (own === undefined) {
      await (await at.upstream.accept()).untilText('x');
      return control.removeProxy('zero');
    }
    await client.untilEnd(30_000);
    const error = await control.version().catch((thrown: unknown) => thrown);
    expect(error).to.have.property('code', 'CW_PROXY_SERVER');
    await own.close();
  });

  it('reset_peer that does not act', async () => {
    const { client, far } = await at.pair({ type: 'reset_peer', toxicity: 0 });
    client.socket.end();
    await far.untilEnd();
    expect(far.end).to.equal(differs('reset-peer-spared') ? 'FIN' : 'ECONNRESET');
  });

  it('reset_peer that is removed while it waits', async () => {
    const { client } = await at.pair({
      type: 'reset_peer',
      stream: 'upstream',
      attributes: { timeout: 1000 },
    });
    client.socket.write('x');
    await delay(50);
    const began = performance.now();
    await at.control.removeToxic('a', 'reset_peer_upstream');
    const waited = performance.now() - began;
    if (differs('removal-waits')) expect(waited).to.be.below(500);
    else expect(waited).to.be.above(700);
  });

  it('toxicity, when another toxic is added', async () => {
    const address = await at.proxied({
      type: 'latency',
      stream: 'upstream',
      toxicity: 0.5,
      attributes: { latency: 400 },
    });
    const ends: { client: End; far: End }[] = [];
    for (let n = 0; n < 30; n++)
      ends.push({ client: await at.connect(address), far: await at.upstream.accept() });
    const quick = async (): Promise<number[]> => {
      const before = ends.map(({ far }) => far.text.length);
      for (const { client } of ends) client.socket.write('x');
      await delay(200);
      const found = ends.flatMap(({ far }, n) => (far.text.length > before[n]! ? [n] : []));
      await delay(400);
      return found;
    };
    const first = await quick();
    expect(first.length).to.be.within(3, 27);
    await at.control.addToxic('a', { type: 'noop', stream: 'upstream' });
    const same = (await quick()).join() === first.join();
    expect(same).to.equal(differs('toxicity-once'));
  });

  it('an upstream that hangs, and who asks meanwhile', async function () {
    if (process.platform !== 'linux') this.skip();
    using hanging = new HangingUpstream();
    await hanging.full();
    const { listen } = await at.control.createProxy({ name: 'hangs', upstream: hanging.address });
    await at.connect(listen);
    await delay(50);
    const removed = at.control.removeProxy('hangs').then(() => 'removed');
    const first = await Promise.race([removed, delay(300, 'waits')]);
    // What is dialled is refused when its next SYN comes.
    hanging[Symbol.dispose]();
    await removed;
    expect(first).to.equal(differs('hanging-upstream') ? 'removed' : 'waits');
  });
});
