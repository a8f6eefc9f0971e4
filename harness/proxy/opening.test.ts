import { expect } from 'chai';
import { dataPlane, endOf, statesOfPort, toxicOf, until } from './testing/data-plane.ts';
import { HangingUpstream } from './testing/hanging.ts';
import { freePort } from './testing/toxiproxy.ts';

describe('connections that are opened through a proxy', () => {
  const at = dataPlane();

  it('lose nothing that the client sends before the upstream is reached', async () => {
    const proxy = await at.start();
    await proxy.addToxic(toxicOf({ type: 'hang_connect', name: 'hang' }));
    const client = await at.connect(proxy);
    // More than the proxy holds: it stops to read meanwhile.
    const bytes = Buffer.alloc(5_000_000, 'x');
    client.socket.end(bytes);
    await until(() => proxy.counters.received.upstream > 0);
    await proxy.removeToxic('hang');
    const far = await at.upstream.accept();
    await far.untilEnd();
    expect([far.bytes.equals(bytes), far.end]).to.deep.equal([true, 'FIN']);
  });

  it('are reset when the upstream refuses; with the quirk they are ended', async () => {
    const upstream = `127.0.0.1:${await freePort()}`;
    for (const strict of [false, true]) {
      const proxy = await at.start({ strict, upstream });
      expect(await endOf(proxy)).to.equal(strict ? 'FIN' : 'ECONNRESET');
      await until(() => proxy.connections().length === 0);
    }
  });

  it('are reset when the upstream is no address', async () => {
    for (const upstream of ['', 'x', '127.0.0.1', '127.0.0.1:0', '[::1', '256.1.1.1.:\0', '\0:1']) {
      const proxy = await at.start({ upstream });
      expect(await endOf(proxy), JSON.stringify(upstream)).to.equal('ECONNRESET');
    }
  });

  describe('to an upstream that hangs', () => {
    let hanging: HangingUpstream;
    before(function () {
      if (process.platform !== 'linux') this.skip();
    });
    beforeEach(async () => {
      hanging = new HangingUpstream();
      await hanging.full();
    });
    afterEach(() => hanging[Symbol.dispose]());

    const dialling = (): number =>
      statesOfPort(0, Number(hanging.address.split(':')[1])).filter((state) => state === 'SYN_SENT').length;

    it('hang, each by itself, until the proxy is stopped', async () => {
      const proxy = await at.start({ upstream: hanging.address });
      const clients = [await at.connect(proxy), await at.connect(proxy), await at.connect(proxy)];
      clients[0]!.socket.write('unanswered');
      await until(() => dialling() === 3 && proxy.counters.received.upstream === 10);
      expect(proxy.connections().map(({ local }) => local)).to.deep.equal([null, null, null]);
      await proxy.stop();
      for (const client of clients) await client.untilEnd();
      expect([dialling(), proxy.connections()]).to.deep.equal([0, []]);
    });

    it('with the quirk wait for each other', async function () {
      this.timeout(5000);
      const proxy = await at.start({ upstream: hanging.address, strict: true });
      const first = await at.connect(proxy);
      await until(() => dialling() === 1);
      const [second, third] = [await at.connect(proxy), await at.connect(proxy)];
      // One that waits may go away, and another may be reset by its client.
      second.socket.resetAndDestroy();
      await until(() => statesOfPort(Number(proxy.listen.split(':')[1]), 0).length >= 3);
      expect([dialling(), proxy.counters.connections]).to.deep.equal([1, 1]);
      // The next SYN of the first is refused, and then the one that still waits is next.
      hanging[Symbol.dispose]();
      await Promise.all([first.untilEnd(), third.untilEnd()]);
      expect([first.end, third.end, proxy.counters.connections]).to.deep.equal(['FIN', 'FIN', 2]);
    });

    it('end with their client', async () => {
      const proxy = await at.start({ upstream: hanging.address });
      const client = await at.connect(proxy);
      await until(() => dialling() === 1);
      client.socket.resetAndDestroy();
      await until(() => dialling() === 0 && proxy.connections().length === 0);
    });
  });
});
