import { expect } from 'chai';
import { watchHangUp } from '#sys';
import type { FaultProxy, Stream } from './contract.ts';
import { dataPlane, pattern, stateOf, toxicOf, until } from './testing/data-plane.ts';
import type { End } from './testing/wires.ts';

const linux = process.platform === 'linux';

describe('ends through a proxy', () => {
  const at = dataPlane();

  for (const stream of ['upstream', 'downstream'] as const) {
    /** The end that sends in this direction, and the one that receives. */
    const through = async (proxy: FaultProxy): Promise<{ from: End; to: End }> => {
      const { client, far } = await at.pair(proxy);
      return stream === 'upstream' ? { from: client, to: far } : { from: far, to: client };
    };
    const back: Stream = stream === 'upstream' ? 'downstream' : 'upstream';

    describe(stream, () => {
      it('a FIN leaves one end in FIN_WAIT_2 and the other in CLOSE_WAIT, until that one ends too', async () => {
        const proxy = await at.start();
        const { from, to } = await through(proxy);
        from.socket.end('question');
        await to.untilEnd();
        expect([to.text, to.end]).to.deep.equal(['question', 'FIN']);
        if (linux) {
          await until(() => stateOf(from) === 'FIN_WAIT_2');
          expect(stateOf(to)).to.equal('CLOSE_WAIT');
        }
        const [open] = proxy.connections();
        expect(open!.ends).to.deep.equal({ [stream]: 'FIN', [back]: 'open' });

        const answer = pattern(300_000);
        to.socket.end(answer);
        await from.untilEnd();
        expect(from.bytes.equals(answer)).to.equal(true);
        await until(() => proxy.connections().length === 0);
      });

      it('a RST is a RST, also where nothing flows', async () => {
        const { from, to } = await through(await at.start());
        from.socket.resetAndDestroy();
        await to.untilEnd();
        expect(to.end).to.equal('ECONNRESET');
      });

      it('a RST comes behind the data in front of it, also to one that is slow', async () => {
        const proxy = await at.start();
        const { from, to } = await through(proxy);
        const bytes = pattern(3_000_000);
        to.socket.pause();
        from.socket.write(bytes);
        // All of it is with the proxy and the kernel.
        await until(() => from.socket.writableLength === 0);
        setTimeout(() => to.socket.resume(), 50);
        await until(() => proxy.counters.received[stream] === bytes.length);
        from.socket.resetAndDestroy();
        await to.untilEnd();
        expect([to.bytes.equals(bytes), to.end]).to.deep.equal([true, 'ECONNRESET']);
      });

      it('a RST behind a FIN is passed on, too', async function () {
        if (!linux) this.skip();
        const { from, to } = await through(await at.start());
        from.socket.end('all');
        await to.untilEnd();
        const reset = new Promise<boolean>((resolve) => void watchHangUp(fdOf(to), resolve));
        from.socket.resetAndDestroy();
        expect(await reset).to.equal(true);
      });

      it('a RST reaches one that does not read', async function () {
        if (!linux) this.skip();
        const { from, to } = await through(await at.start());
        to.socket.pause();
        const reset = new Promise<boolean>((resolve) => void watchHangUp(fdOf(to), resolve));
        // More than all buffers on the way hold.
        const chunk = Buffer.alloc(1 << 20);
        let blocked = false;
        while (!blocked) {
          blocked = !from.socket.write(chunk);
          if (blocked)
            await Promise.race([
              new Promise((resolve) => from.socket.once('drain', resolve)).then(() => (blocked = false)),
              new Promise((resolve) => setTimeout(resolve, 300)),
            ]);
        }
        from.socket.resetAndDestroy();
        expect(await reset).to.equal(true);
      });

      it('a RST is delayed by latency, behind the data', async () => {
        const proxy = await at.start();
        await proxy.addToxic(toxicOf({ type: 'latency', stream, attributes: { latency: 150 } }));
        const { from, to } = await through(proxy);
        from.socket.write('before');
        await until(() => proxy.counters.received[stream] === 6);
        const began = performance.now();
        from.socket.resetAndDestroy();
        await to.untilEnd();
        expect([to.text, to.end]).to.deep.equal(['before', 'ECONNRESET']);
        expect(to.endedAt - began).to.be.at.least(149);
      });

      it('both ends at once are a normal end', async () => {
        const proxy = await at.start();
        for (let n = 0; n < 20; n++) {
          const { from, to } = await through(proxy);
          from.socket.end('x');
          to.socket.end('y');
          await Promise.all([from.untilEnd(), to.untilEnd()]);
          expect([from.text, from.end, to.text, to.end]).to.deep.equal(['y', 'FIN', 'x', 'FIN']);
        }
        await until(() => proxy.connections().length === 0);
      });
    });
  }
});

function fdOf({ socket }: End): number {
  const { _handle: handle } = socket as unknown as { _handle: { fd: number } };
  return handle.fd;
}
