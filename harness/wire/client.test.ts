import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { loopbackHost, type Host } from '#lab';
import { netstat } from '#observe';
import { Trace } from '#trace';
import { Client } from './client.ts';
import { FullBacklog } from './full-backlog.ts';
import { isListening } from './lookup.ts';

/** As on a system whose kernel has no sock_diag: states come from netstat. */
function withoutSockDiag(host: Host): Host {
  host.sockets?.close();
  return { ...host, sockets: null };
}

describe('wire: a client on loopback', () => {
  for (const [name, makeHost] of [
    ['sock_diag', loopbackHost],
    ['netstat', () => withoutSockDiag(loopbackHost())],
  ] as const) {
    describe(`states by ${name}`, () => {
      const host = makeHost();
      let server: Server;
      let remote: { address: string; port: number };
      let accepted: Promise<Socket>;

      before(function () {
        if (name === 'netstat' && !netstat.available().ok) this.skip();
      });
      beforeEach(async () => {
        server = createServer({ allowHalfOpen: true });
        accepted = once(server, 'connection').then(([socket]) => socket as Socket);
        server.listen(0, '127.0.0.1');
        await once(server, 'listening');
        remote = { address: '127.0.0.1', port: (server.address() as AddressInfo).port };
      });
      afterEach(() => void server.close());
      after(() => host.sockets?.close());

      it('follows a connection that the client closes first', async () => {
        expect(isListening(host, remote, 4)).to.equal(true);
        const trace = new Trace();
        const client = new Client(host, { family: 4, remote, trace });
        const socket = await accepted;
        expect(client.state()).to.equal('ESTABLISHED');
        client.halfClose();
        expect(client.state()).to.equal('CLOSE_WAIT');
        socket.end();
        await client.readToEnd();
        expect(client.state()).to.equal('CLOSED');
        client.close();
        socket.destroy();
        const path = trace.path('server').map(({ state }) => state);
        expect(path).to.deep.equal(['LISTEN', 'SYN_RCVD', 'ESTABLISHED', 'CLOSE_WAIT', 'CLOSED']);
      });

      it('sees who dials a listener that is full', () => {
        const backlog = new FullBacklog(host, 4);
        expect(backlog.dialler()).to.equal(null);
        const dialler = new Client(host, { family: 4, remote: backlog.endpoint, trace: new Trace() });
        expect(backlog.dialler())
          .to.include({ family: 4 })
          .and.have.deep.property('remote', backlog.endpoint);
        dialler.dispose();
        expect(backlog.dialler()).to.equal(null);
        backlog.close();
      });
    });
  }
});
