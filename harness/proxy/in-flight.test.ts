import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import type { FaultProxy } from './contract.ts';
import type { NewToxic } from './control.ts';
import { dataPlane, pattern, toxicOf, until } from './testing/data-plane.ts';
import type { End } from './testing/wires.ts';

/** Those that lose nothing, as slow as a test can wait for. */
const LOSSLESS: readonly NewToxic[] = [
  { type: 'noop' },
  { type: 'latency', attributes: { latency: 30, jitter: 30 } },
  { type: 'bandwidth', attributes: { rate: 20_000 } },
  { type: 'slicer', attributes: { average_size: 700, size_variation: 300, delay: 10 } },
  { type: 'slow_close', attributes: { delay: 50 } },
  { type: 'hold_fin', attributes: { timeout: 50 } },
];

describe('data in flight', function () {
  this.timeout(15_000);
  const at = dataPlane();

  for (const stream of ['upstream', 'downstream'] as const) {
    const through = async (proxy: FaultProxy): Promise<{ from: End; to: End }> => {
      const { client, far } = await at.pair(proxy);
      return stream === 'upstream' ? { from: client, to: far } : { from: far, to: client };
    };

    describe(stream, () => {
      for (const toxic of LOSSLESS) {
        it(`lose no byte while ${toxic.type} comes, changes and goes`, async () => {
          const proxy = await at.start();
          const { from, to } = await through(proxy);
          const bytes = pattern(2_000_000);
          // What is added behind stays, so that what is handed on when it goes has still a way to go.
          await proxy.addToxic(toxicOf({ type: 'latency', name: 'behind', stream }));
          for (let cut = 0; cut < bytes.length; cut += 40_000) {
            const name = `it ${cut}`;
            await proxy.addToxic(toxicOf({ ...toxic, name, stream }));
            if (!from.socket.write(bytes.subarray(cut, cut + 40_000)))
              await Promise.race([once(from.socket, 'drain'), delay(5)]);
            await proxy.updateToxic(name, { attributes: toxic.attributes ?? {} });
            if (cut % 80_000 === 0) await new Promise((go) => setImmediate(go));
            await proxy.removeToxic(name);
          }
          await proxy.addToxic(toxicOf({ ...toxic, name: 'last', stream }));
          from.socket.end();
          await proxy.removeToxic('behind');
          await to.untilEnd();
          expect([to.bytes.equals(bytes), to.end]).to.deep.equal([true, 'FIN']);
        });
      }

      it('that bandwidth of 0 holds goes when it is removed, however much there is', async () => {
        const proxy = await at.start();
        const { from, to } = await through(proxy);
        await proxy.addToxic(toxicOf({ type: 'bandwidth', name: 'it', stream }));
        const bytes = pattern(8_000_000);
        from.socket.end(bytes);
        await until(() => proxy.counters.received[stream] > 0);
        expect(to.text).to.equal('');
        await proxy.removeToxic('it');
        await to.untilEnd();
        expect([to.bytes.equals(bytes), to.end]).to.deep.equal([true, 'FIN']);
      });

      for (const [name, toxic, holds] of [
        ['no toxic', undefined, 0],
        ['slicer', LOSSLESS[3]!, 0],
        // What is on its way takes memory, but no more than this.
        ['latency', LOSSLESS[1]!, 32 * 1024 * 1024],
      ] as const) {
        it(`waits with its sender for a slow receiver, with ${name}`, async () => {
          const proxy = await at.start();
          if (toxic !== undefined) await proxy.addToxic(toxicOf({ ...toxic, stream }));
          const { from, to } = await through(proxy);
          to.socket.pause();
          const bytes = pattern(24_000_000 + holds);
          from.socket.end(bytes);
          await standstill(() => proxy.counters.received[stream]);
          const { received, sent } = proxy.counters;
          expect(received[stream]).to.be.below(bytes.length);
          // What may wait, and the chunks that were on their way.
          expect(received[stream] - sent[stream]).to.be.at.most(holds + 4 * 65_536);
          to.socket.resume();
          await to.untilEnd(10_000);
          expect([to.bytes.equals(bytes), to.end]).to.deep.equal([true, 'FIN']);
        });
      }
    });
  }
});

/** Resolves when a number has stayed the same for a while. */
async function standstill(count: () => number): Promise<void> {
  for (let last = -1; last !== count(); await delay(150)) last = count();
}
