import net from 'node:net';
import { once } from 'node:events';
import { expect } from 'chai';
import { watchHangUp } from './hang-up.ts';

describe('watchHangUp', () => {
  if (process.platform !== 'linux') return;

  for (const read of [true, false]) {
    it(`notices a RST behind a FIN that was ${read ? 'read' : 'not read'}, without reading or writing`, async () => {
      const { client, server, close } = await pair();
      if (read) {
        client.end();
        server.resume();
        await once(server, 'end');
      } else {
        server.pause();
        client.end('unread');
        await once(client, 'finish');
      }
      let noticed = 0;
      const hungUp = new Promise<boolean>((resolve) => {
        watchHangUp(fdOf(server), (reset) => {
          noticed++;
          resolve(reset);
        });
      });
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(noticed).to.equal(0);

      client.resetAndDestroy();
      expect(await hungUp).to.equal(true);
      // It is level-triggered: a watch that did not end itself would ring all the time.
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(noticed).to.equal(1);
      server.destroy();
      await close();
    });
  }

  it('tells the ends of both directions from a RST', async () => {
    const { client, server, close } = await pair();
    server.pause();
    const hungUp = new Promise<boolean>((resolve) => void watchHangUp(fdOf(server), resolve));
    client.end('unread');
    server.end();
    expect(await hungUp).to.equal(false);
    await close();
  });

  it('does not ring for a descriptor that took the number of a closed one', async () => {
    const first = await pair();
    const fd = fdOf(first.server);
    let rung = false;
    const watch = watchHangUp(fd, () => {
      rung = true;
    })!;
    first.server.destroy();
    watch.forget();
    const second = await pair();
    second.client.resetAndDestroy();
    await once(second.server, 'error');
    expect(rung).to.equal(false);
    await Promise.all([first.close(), second.close()]);
  });
});

async function pair() {
  const listener = net.createServer({ allowHalfOpen: true, pauseOnConnect: false });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as net.AddressInfo;
  const accepted = once(listener, 'connection') as Promise<[net.Socket]>;
  const client = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const [server] = await accepted;
  if (client.connecting) await once(client, 'connect');
  for (const socket of [client, server]) socket.on('error', () => {});
  return {
    client,
    server,
    close: async () => {
      client.destroy();
      server.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

function fdOf(socket: net.Socket): number {
  const { _handle: handle } = socket as unknown as { _handle: { fd: number } };
  return handle.fd;
}
