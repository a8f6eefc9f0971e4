import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { expect } from 'chai';
import { Namespace } from '#sys';
import { observers, ss, witness } from './index.ts';

const home = Namespace.home();
const address = '127.0.0.1';

describe('observe: a connection of this process on loopback', () => {
  const server = createServer();
  let client: Socket;
  let port = 0;
  let clientPort = 0;

  before(async () => {
    server.listen(0, address);
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
    client = connect(port, address);
    await Promise.all([once(client, 'connect'), once(server, 'connection')]);
    clientPort = client.localPort!;
  });
  after(() => {
    client.destroy();
    server.close();
  });

  for (const observer of observers) {
    it(`${observer.name} sees its listener and both its ends`, async function () {
      const availability = observer.available();
      if (!availability.ok) this.skip();
      expect(availability.version).to.match(/\S/);
      const rows = await observer.list(home, { local: { port } });
      expect(rows.map(({ state, local, remote }) => ({ state, local, remote }))).to.have.deep.members([
        { state: 'LISTEN', local: { address, port }, remote: { address: '0.0.0.0', port: 0 } },
        { state: 'ESTABLISHED', local: { address, port }, remote: { address, port: clientPort } },
      ]);
      const [other, ...more] = await observer.list(home, {
        remote: { address, port },
        state: 'ESTABLISHED',
      });
      expect(other).to.deep.include({ family: 4, local: { address, port: clientPort } });
      expect(more).to.deep.equal([]);
      expect(await observer.list(home, { local: { port }, state: 'CLOSING' })).to.deep.equal([]);
    });
  }

  it('ss bears witness of one connection, and of all on a port', async function () {
    if (!ss.available().ok) this.skip();
    const [line, ...more] = await witness(home, {
      local: { address, port },
      remote: { address, port: clientPort },
    });
    expect(line)
      .to.match(/^ESTAB +0 +0 +127\.0\.0\.1:\d+ +127\.0\.0\.1:\d+/)
      .and.to.contain(`pid=${process.pid},`);
    expect(more).to.deep.equal([]);
    expect(await witness(home, { local: { address, port } })).to.have.lengthOf(2);
    const nobody = await witness(home, { local: { address, port }, remote: { address, port } });
    expect(nobody).to.deep.equal([]);
  });
});
