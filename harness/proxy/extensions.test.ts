import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { startApi, type Api } from './api.ts';
import type { NewToxic } from './control.ts';
import { makeProxy } from './proxy.ts';
import { playground } from './testing/playground.ts';

const since = (from: number): number => performance.now() - from;
/** The other direction. */
const other = { upstream: 'downstream', downstream: 'upstream' } as const;

describe('toxics that Toxiproxy does not have', () => {
  let api: Api;
  before(async () => {
    api = await startApi({ listen: '127.0.0.1:0', strict: false, seed: 7, metrics: false, makeProxy });
  });
  after(() => api.close());
  const at = playground({
    get url() {
      return api.url;
    },
    ask: () => Promise.reject(new Error('not asked')),
    differs: () => true,
  });

  /** How a new connection ends, which may be before it is told that it is open. */
  const endOf = async (address: string): Promise<string> => {
    try {
      const client = await at.connect(address);
      await client.untilEnd();
      return client.end;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? String(error);
    }
  };

  for (const stream of ['upstream', 'downstream'] as const) {
    /** A new connection through these toxics: the end that sends in this direction, and the one that receives. */
    const through = async (...toxics: NewToxic[]) => {
      const { client, far } = await at.pair(...toxics);
      return stream === 'upstream' ? { from: client, to: far } : { from: far, to: client };
    };

    describe(stream, () => {
      it('half_close ends its direction after so many bytes; the other goes on', async () => {
        const { from, to } = await through({ type: 'half_close', stream, attributes: { bytes: 4 } });
        from.socket.write('12345');
        await to.untilEnd();
        expect([to.text, to.end]).to.deep.equal(['1234', 'FIN']);
        to.socket.write('answer');
        await from.untilText('answer');
        expect(from.end).to.equal('');
      });

      it('half_close ends its direction after a time', async () => {
        const began = performance.now();
        const { from, to } = await through({ type: 'half_close', stream, attributes: { timeout: 100 } });
        from.socket.write('1');
        await to.untilEnd();
        expect(since(began)).to.be.at.least(99);
        expect([to.text, to.end]).to.deep.equal(['1', 'FIN']);
        to.socket.end('answer');
        await from.untilText('answer');
      });

      it('reset resets both peers behind so many bytes', async () => {
        const { from, to } = await through({ type: 'reset', stream, attributes: { at: 'bytes', bytes: 4 } });
        from.socket.write('1234567');
        await Promise.all([to.untilEnd(), from.untilEnd()]);
        expect([to.text, to.end, from.end]).to.deep.equal(['1234', 'ECONNRESET', 'ECONNRESET']);
      });

      it('reset turns a FIN into a reset', async () => {
        const { from, to } = await through({ type: 'reset', stream, attributes: { at: 'FIN' } });
        from.socket.end('all');
        await to.untilEnd();
        expect([to.text, to.end]).to.deep.equal(['all', 'ECONNRESET']);
      });

      it('hold_fin keeps a FIN for a time, and data not', async () => {
        const { from, to } = await through({ type: 'hold_fin', stream, attributes: { timeout: 150 } });
        const began = performance.now();
        from.socket.end('all');
        await to.untilText('all');
        await to.untilEnd();
        expect(to.endedAt - began).to.be.at.least(149);
        expect(to.end).to.equal('FIN');
      });

      it('hold_fin without a time keeps it until it is removed, and lets a reset pass', async () => {
        const { from, to } = await through({ type: 'hold_fin', name: 'hold', stream });
        from.socket.end('all');
        await to.untilText('all');
        await delay(50);
        expect(to.end).to.equal('');
        await at.control.removeToxic('a', 'hold');
        await to.untilEnd();
        expect(to.end).to.equal('FIN');
      });

      it('corrupt changes bytes, and neither their number nor those of the other direction', async () => {
        const { from, to } = await through({ type: 'corrupt', stream, attributes: { probability: 0.5 } });
        const sent = Buffer.alloc(2000, 'x');
        from.socket.end(sent);
        await to.untilEnd();
        expect(to.bytes).to.have.lengthOf(sent.length);
        const changed = to.bytes.filter((byte) => byte !== 120).length;
        expect(changed).to.be.within(800, 1200);
        to.socket.end('untouched');
        await from.untilText('untouched');
      });

      it('close_after closes both ends after a time, whatever passes', async () => {
        const began = performance.now();
        const { from, to } = await through({ type: 'close_after', stream, attributes: { timeout: 100 } });
        from.socket.write('before');
        await to.untilText('before');
        await Promise.all([to.untilEnd(), from.untilEnd()]);
        expect(since(began)).to.be.at.least(99);
        expect([to.end, from.end]).to.deep.equal(['FIN', 'FIN']);
      });

      it('a stream that a toxic has ended stays ended when that toxic is gone', async () => {
        const { from, to } = await through(
          { type: 'timeout', name: 'hole', stream, attributes: { timeout: 20 } },
          { type: 'hold_fin', name: 'hold', stream },
        );
        from.socket.write('lost');
        await delay(60);
        await at.control.removeToxic('a', 'hole');
        from.socket.write('behind the hole');
        await delay(20);
        await at.control.removeToxic('a', 'hold');
        await to.untilEnd();
        expect(to.text).to.equal('');
      });

      it('first_n lets the others act on so many connections only, of either direction', async () => {
        const address = await at.proxied(
          { type: 'latency', stream: other[stream], attributes: { latency: 150 } },
          { type: 'first_n', stream, attributes: { connections: 1 } },
        );
        const took = async (): Promise<number> => {
          const client = await at.connect(address);
          const far = await at.upstream.accept();
          const began = performance.now();
          client.socket.write('1');
          await far.untilText('1');
          far.socket.write('2');
          await client.untilText('2');
          return since(began);
        };
        expect(await took()).to.be.at.least(149);
        expect(await took()).to.be.below(149);
      });
    });
  }

  it('reset at accept resets the client at once', async () => {
    const address = await at.proxied({ type: 'reset', attributes: { at: 'accept' } });
    expect(await endOf(address)).to.equal('ECONNRESET');
  });

  it('refuse resets the client, and the upstream hears nothing', async () => {
    const address = await at.proxied({ type: 'refuse', name: 'no' });
    expect(await endOf(address)).to.equal('ECONNRESET');
    await at.control.removeToxic('a', 'no');
    const next = await at.connect(address);
    next.socket.write('next');
    await (await at.upstream.accept()).untilText('next');
  });

  it('hang_connect keeps what the client sends until the upstream is dialled', async () => {
    const address = await at.proxied({ type: 'hang_connect', attributes: { timeout: 150 } });
    const began = performance.now();
    const client = await at.connect(address);
    client.socket.end('early');
    const far = await at.upstream.accept();
    expect(since(began)).to.be.at.least(148);
    await far.untilText('early');
    await far.untilEnd();
  });

  it('hang_connect without a time waits until it is removed, or the client is gone', async () => {
    const address = await at.proxied({ type: 'hang_connect', name: 'hang' });
    const gone = await at.connect(address);
    const waits = await at.connect(address);
    gone.socket.resetAndDestroy();
    waits.socket.write('here');
    for (let left = 2; left !== 1; left = (await at.control.connections('a'))!.length) await delay(5);
    await at.control.removeToxic('a', 'hang');
    await (await at.upstream.accept()).untilText('here');
  });

  it('the same seed draws the same connections, and each but once', async () => {
    const address = await at.proxied({ type: 'latency', toxicity: 0.5, attributes: { latency: 1 } });
    for (let n = 0; n < 20; n++) await at.connect(address);
    for (let n = 0; n < 20; n++) await at.upstream.accept();
    const drawn = async (): Promise<string> =>
      (await at.control.connections('a'))!.map(({ toxics }) => toxics.downstream.length).join('');
    const first = await drawn();
    await at.control.addToxic('a', { type: 'noop', name: 'another' });
    await at.control.updateToxic('a', 'latency_downstream', { attributes: { latency: 2 } });
    await at.control.removeToxic('a', 'another');
    expect(await drawn()).to.equal(first);
    expect(first).to.match(/0/).and.match(/1/);
  });
});
