import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { contract } from './testing/contract.ts';
import { playground } from './testing/playground.ts';

const since = (from: number): number => performance.now() - from;

contract('toxics at work', (server) => {
  const { differs } = server;
  const at = playground(server);

  describe('latency', () => {
    const latency = { type: 'latency', stream: 'upstream', attributes: { latency: 200 } } as const;

    it('delays data of its direction', async () => {
      const { client, far } = await at.pair(latency);
      const began = performance.now();
      far.socket.write('back');
      await client.untilText('back');
      expect(since(began)).to.be.below(100);
      client.socket.write('there');
      await far.untilText('there');
      expect(since(began)).to.be.within(199, 600);
    });

    it('adds up', async () => {
      const { client, far } = await at.pair(latency, {
        ...latency,
        name: 'again',
        attributes: { latency: 100 },
      });
      const began = performance.now();
      client.socket.write('x');
      await far.untilText('x');
      expect(since(began)).to.be.within(299, 700);
    });

    it('keeps the order', async () => {
      const { client, far } = await at.pair({ ...latency, attributes: { latency: 20, jitter: 20 } });
      const text = Array.from({ length: 200 }, (_, n) => `${n} `);
      for (const word of text) {
        client.socket.write(word);
        await delay(1);
      }
      await far.untilText(text.join(''));
    });

    it('delays a FIN', async () => {
      const { client, far } = await at.pair(latency);
      const began = performance.now();
      client.socket.end();
      await far.untilEnd();
      if (differs('latency-end')) expect(far.endedAt - began).to.be.within(199, 600);
      else expect(far.endedAt - began).to.be.below(100);
    });

    it('goes when it is removed, and what it holds comes', async () => {
      const { client, far } = await at.pair({ ...latency, attributes: { latency: 20_000 } });
      client.socket.write('held');
      await delay(50);
      expect(far.text).to.equal('');
      await at.control.removeToxic('a', 'latency_upstream');
      await far.untilText('held');
    });
  });

  it('bandwidth passes so much a second', async () => {
    const { client, far } = await at.pair({
      type: 'bandwidth',
      stream: 'upstream',
      attributes: { rate: 100 },
    });
    const began = performance.now();
    client.socket.end(Buffer.alloc(50_000));
    await far.untilEnd();
    expect([far.bytes.length, far.end]).to.deep.equal([50_000, 'FIN']);
    expect(since(began)).to.be.within(400, 900);
  });

  it('bandwidth of 0 passes nothing', async () => {
    const { client, far } = await at.pair({ type: 'bandwidth', stream: 'upstream', attributes: { rate: 0 } });
    client.socket.write('x');
    await delay(100);
    expect([far.text, far.end]).to.deep.equal(['', '']);
  });

  it('slow_close delays the end alone', async () => {
    const { client, far } = await at.pair({ type: 'slow_close', attributes: { delay: 200 } });
    const began = performance.now();
    far.socket.end('bye');
    await client.untilText('bye');
    expect(since(began)).to.be.below(100);
    await client.untilEnd();
    expect(client.endedAt - began).to.be.within(199, 600);
  });

  it('timeout drops all and closes', async () => {
    const began = performance.now();
    const { client, far } = await at.pair({
      type: 'timeout',
      stream: 'upstream',
      attributes: { timeout: 200 },
    });
    client.socket.write('lost');
    await client.untilEnd();
    expect(since(began)).to.be.within(199, 900);
    await far.untilEnd();
    expect([far.text, client.text]).to.deep.equal(['', '']);
  });

  it('timeout of 0 drops all for ever', async () => {
    const { client, far } = await at.pair({
      type: 'timeout',
      stream: 'upstream',
      attributes: { timeout: 0 },
    });
    client.socket.write('lost');
    await delay(150);
    expect([far.text, far.end, client.end]).to.deep.equal(['', '', '']);
    await at.control.removeToxic('a', 'timeout_upstream');
    await client.untilEnd();
    await far.untilEnd();
    expect(far.text).to.equal('');
  });

  for (const stream of ['upstream', 'downstream'] as const) {
    it(`reset_peer resets both peers, ${stream}`, async () => {
      const began = performance.now();
      const { client, far } = await at.pair({ type: 'reset_peer', stream, attributes: { timeout: 100 } });
      (stream === 'upstream' ? client : far).socket.write('x');
      for (const end of [client, far]) {
        await end.untilEnd();
        expect([end.text, end.end]).to.deep.equal(['', 'ECONNRESET']);
        expect(end.endedAt - began).to.be.within(99, 700);
      }
    });
  }

  it('reset_peer and a connection that is idle', async () => {
    const { client } = await at.pair({ type: 'reset_peer', attributes: { timeout: 50 } });
    await delay(250);
    expect(client.end).to.equal(differs('reset-peer-idle') ? 'ECONNRESET' : '');
  });

  it('reset_peer and a connection that is older', async () => {
    const { client, far } = await at.pair();
    client.socket.write('x');
    await far.untilText('x');
    await at.control.addToxic('a', { type: 'reset_peer', attributes: { timeout: 50 } });
    far.socket.write('y');
    await client.untilEnd();
    expect(client.end).to.equal(differs('reset-peer-established') ? 'ECONNRESET' : 'FIN');
  });

  for (const [average_size, size_variation] of [
    [10, 0],
    [1, 0],
    [64, 32],
  ] as const) {
    it(`slicer of ${average_size} ± ${size_variation} loses nothing`, async () => {
      const attributes = { average_size, size_variation, delay: 10 };
      const { client, far } = await at.pair({ type: 'slicer', stream: 'upstream', attributes });
      const text = Array.from({ length: 100 }, (_, n) => n).join(',');
      client.socket.end(text);
      await far.untilEnd();
      expect(far.text).to.equal(text);
    });
  }

  for (const bytes of [1, 5, 6, 100]) {
    it(`limit_data of ${bytes}`, async () => {
      const { client, far } = await at.pair({
        type: 'limit_data',
        stream: 'upstream',
        attributes: { bytes },
      });
      client.socket.write('first');
      await far.until('its bytes', () => far.bytes.length === Math.min(bytes, 5));
      if (bytes > 5) client.socket.write('second');
      if (bytes > 11) return expect(far.end).to.equal('');
      await far.untilEnd();
      await client.untilEnd();
      expect([far.text, far.end]).to.deep.equal(['firstsecond'.slice(0, bytes), 'FIN']);
    });
  }

  it('limit_data of 0 closes at the first data, and not before', async () => {
    const { client, far } = await at.pair({
      type: 'limit_data',
      stream: 'upstream',
      attributes: { bytes: 0 },
    });
    await delay(100);
    expect([far.end, client.end]).to.deep.equal(['', '']);
    client.socket.write('x');
    await far.untilEnd();
    expect([far.text, far.end]).to.deep.equal(['', 'FIN']);
  });

  it('limit_data counts on over updates', async () => {
    const { client, far } = await at.pair({
      type: 'limit_data',
      stream: 'upstream',
      attributes: { bytes: 10 },
    });
    client.socket.write('123456');
    await far.untilText('123456');
    await at.control.updateToxic('a', 'limit_data_upstream', { attributes: { bytes: 8 } });
    client.socket.write('7890');
    await far.untilEnd();
    expect(far.text).to.equal('12345678');
  });

  it('a toxicity of 0 never, of 1 always', async () => {
    const cut = { type: 'limit_data', stream: 'upstream', attributes: { bytes: 0 } } as const;
    const { client, far } = await at.pair({ ...cut, toxicity: 0 });
    client.socket.write('x');
    await far.untilText('x');
    await at.control.updateToxic('a', 'limit_data_upstream', { toxicity: 1 });
    const other = await at.connect((await at.control.getProxy('a')).listen);
    other.socket.write('x');
    await other.untilEnd();
  });

  it('a toxicity between acts on about so many', async () => {
    const cut = { type: 'limit_data', stream: 'upstream', attributes: { bytes: 0 }, toxicity: 0.5 } as const;
    const address = await at.proxied(cut);
    const clients = [];
    for (let n = 0; n < 60; n++) {
      const client = await at.connect(address);
      client.socket.write('x');
      clients.push(client);
    }
    await delay(300);
    expect(clients.filter(({ end }) => end !== '').length).to.be.within(12, 48);
  });
});
