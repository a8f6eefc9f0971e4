import { expect } from 'chai';
import type { FaultProxy } from './contract.ts';
import type { NewToxic } from './control.ts';
import { dataPlane, pattern, toxicOf, until } from './testing/data-plane.ts';
import type { End } from './testing/wires.ts';

describe('toxics of Toxiproxy, in both directions', () => {
  const at = dataPlane();

  for (const stream of ['upstream', 'downstream'] as const) {
    /** A new connection through a toxic, and when it was made: the end that sends in its direction, and the one that receives. */
    const through = async (
      toxic: NewToxic,
    ): Promise<{ proxy: FaultProxy; began: number; from: End; to: End }> => {
      const proxy = await at.start();
      await proxy.addToxic(toxicOf({ ...toxic, name: 'it', stream }));
      const began = performance.now();
      const { client, far } = await at.pair(proxy);
      return {
        proxy,
        began,
        ...(stream === 'upstream' ? { from: client, to: far } : { from: far, to: client }),
      };
    };
    /** The other direction is as it was. */
    const unharmed = async (from: End, to: End): Promise<void> => {
      const bytes = pattern(200_000);
      to.socket.end(bytes);
      await from.untilEnd();
      expect([from.bytes.equals(bytes), from.end]).to.deep.equal([true, 'FIN']);
    };

    describe(stream, () => {
      it('latency delays data and the FIN', async () => {
        const { from, to } = await through({ type: 'latency', attributes: { latency: 100 } });
        const sentAt = performance.now();
        from.socket.end('late');
        await to.untilEnd();
        expect([to.text, to.end]).to.deep.equal(['late', 'FIN']);
        expect(to.endedAt - sentAt).to.be.at.least(100);
        await unharmed(from, to);
      });

      it('latency with jitter is between, and in order', async () => {
        const { from, to } = await through({ type: 'latency', attributes: { latency: 40, jitter: 30 } });
        const bytes = pattern(100_000);
        const sentAt = performance.now();
        for (let cut = 0; cut < bytes.length; cut += 1000) from.socket.write(bytes.subarray(cut, cut + 1000));
        from.socket.end();
        await to.untilEnd();
        expect([to.bytes.equals(bytes), to.end]).to.deep.equal([true, 'FIN']);
        expect(to.endedAt - sentAt).to.be.at.least(10);
      });

      it('bandwidth takes its time for so many bytes', async () => {
        const { from, to } = await through({ type: 'bandwidth', attributes: { rate: 200 } });
        const bytes = pattern(40_000);
        const sentAt = performance.now();
        from.socket.end(bytes);
        await to.untilEnd();
        expect([to.bytes.equals(bytes), to.end]).to.deep.equal([true, 'FIN']);
        expect(to.endedAt - sentAt).to.be.at.least(200);
        await unharmed(from, to);
      });

      it('slow_close delays the FIN, data not', async () => {
        const { from, to } = await through({ type: 'slow_close', attributes: { delay: 150 } });
        const sentAt = performance.now();
        from.socket.end('soon');
        await to.untilText('soon');
        expect(to.end).to.equal('');
        await to.untilEnd();
        expect(to.endedAt - sentAt).to.be.at.least(150);
        await unharmed(from, to);
      });

      it('timeout drops all, and closes both ends', async () => {
        const { from, to, began } = await through({ type: 'timeout', attributes: { timeout: 100 } });
        from.socket.write('lost');
        await Promise.all([from.untilEnd(), to.untilEnd()]);
        expect([to.text, to.end, from.end]).to.deep.equal(['', 'FIN', 'FIN']);
        expect(to.endedAt - began).to.be.at.least(99);
      });

      it('timeout that is removed closes only who has lost data', async () => {
        const { proxy, from, to } = await through({ type: 'timeout' });
        from.socket.end();
        await until(() => proxy.connections()[0]!.ends[stream] === 'open');
        await proxy.removeToxic('it');
        await to.untilEnd();
        await unharmed(from, to);
      });

      it('reset_peer resets both ends of an idle connection', async () => {
        const { from, to, began } = await through({ type: 'reset_peer', attributes: { timeout: 100 } });
        await Promise.all([from.untilEnd(), to.untilEnd()]);
        expect([from.end, to.end]).to.deep.equal(['ECONNRESET', 'ECONNRESET']);
        expect(Math.min(from.endedAt, to.endedAt) - began).to.be.at.least(99);
      });

      it('reset_peer resets both ends of a connection that is older', async () => {
        const { proxy, from, to } = await through({ type: 'noop' });
        from.socket.write('x');
        await to.untilText('x');
        await proxy.addToxic(toxicOf({ type: 'reset_peer', stream }));
        await Promise.all([from.untilEnd(), to.untilEnd()]);
        expect([from.end, to.end]).to.deep.equal(['ECONNRESET', 'ECONNRESET']);
      });

      it('slicer makes pieces, with a pause after each', async () => {
        const attributes = { average_size: 10, size_variation: 2, delay: 2000 };
        const { from, to } = await through({ type: 'slicer', attributes });
        const bytes = pattern(300);
        const sentAt = performance.now();
        from.socket.end(bytes);
        await to.untilEnd();
        expect([to.bytes.equals(bytes), to.end]).to.deep.equal([true, 'FIN']);
        // 300 bytes are at least 25 pieces of at most 12.
        expect(to.endedAt - sentAt).to.be.at.least(48);
        expect(to.chunks.length).to.be.above(1);
        await unharmed(from, to);
      });

      it('limit_data passes so many bytes and closes', async () => {
        const { from, to } = await through({ type: 'limit_data', attributes: { bytes: 100_000 } });
        const bytes = pattern(100_000);
        from.socket.write(bytes.subarray(0, 60_000));
        from.socket.write(bytes.subarray(60_000));
        await Promise.all([to.untilEnd(), from.untilEnd()]);
        expect([to.bytes.equals(bytes), to.end, from.end]).to.deep.equal([true, 'FIN', 'FIN']);
      });

      it('noop passes all', async () => {
        const { from, to } = await through({ type: 'noop' });
        const bytes = pattern(1_000_000);
        from.socket.end(bytes);
        await to.untilEnd();
        expect([to.bytes.equals(bytes), to.end]).to.deep.equal([true, 'FIN']);
        await unharmed(from, to);
      });

      it('packet_loss drops chunks whole, and keeps the end', async () => {
        const { from, to } = await through({ type: 'packet_loss', attributes: { loss_rate: 0.5 } });
        for (let n = 0; n < 100; n++) {
          from.socket.write(`<${String(n).padStart(3, '0')}>`);
          await new Promise((resolve) => setImmediate(resolve));
        }
        from.socket.end();
        await to.untilEnd();
        expect(to.text).to.match(/^(<\d{3}>)*$/);
        expect(to.text.length).to.be.within(5, 495);
        expect(to.end).to.equal('FIN');
        await unharmed(from, to);
      });
    });
  }
});
