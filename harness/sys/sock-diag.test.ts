import { expect } from 'chai';
import {
  closeFd,
  KernelSocket,
  LO,
  localPort,
  Namespace,
  setLinger,
  SockDiag,
  tcpListen,
  tcpSocket,
  withRoutes,
  type DiagTuple,
} from './index.ts';
import { needsNamespaces } from './testing/needs.ts';

const LISTEN = 10;
const ESTABLISHED = 1;
const LOOPBACK = {
  4: Uint8Array.of(127, 0, 0, 1),
  6: Uint8Array.from({ length: 16 }, (_, i) => Number(i === 15)),
};

describe('sys: sock_diag', () => {
  before(function () {
    needsNamespaces(this);
  });

  for (const family of [4, 6] as const) {
    describe(`IPv${family}`, () => {
      const address = LOOPBACK[family];
      let namespace: Namespace;
      let sockets: SockDiag;
      let listener: number;
      let client: KernelSocket;
      let tuple: DiagTuple;

      beforeEach(() => {
        namespace = Namespace.create();
        sockets = namespace.run(() => {
          withRoutes((routes) => routes.up(LO));
          return new SockDiag();
        });
        listener = tcpSocket(namespace, { family, bind: { address, port: 0 } });
        tcpListen(listener, 4);
        client = new KernelSocket(namespace, { family });
        client.connect(address, localPort(listener));
        tuple = {
          local: address,
          localPort: localPort(listener),
          remote: address,
          remotePort: client.localPort,
        };
      });
      afterEach(() => {
        client.close();
        closeFd(listener);
        sockets.close();
        namespace.close();
      });

      const listens = () => sockets.dump(family, 1 << LISTEN).map(({ localPort: port }) => port);

      it('gets exactly the connection that is asked for', () => {
        const found = sockets.get(tuple)!;
        expect(found).to.deep.include({ ...tuple, state: ESTABLISHED, recvQueue: 0, sendQueue: 0 });
        client.send(Buffer.from('four'));
        expect(sockets.get(tuple)!.recvQueue).to.equal(4);
        const other = {
          local: tuple.remote,
          localPort: tuple.remotePort,
          remote: address,
          remotePort: tuple.localPort,
        };
        expect(sockets.get(other)!.cookie).not.to.equal(found.cookie);
      });

      it('never gets the listener in place of a connection that is gone', () => {
        expect(sockets.get({ ...tuple, remotePort: tuple.remotePort ^ 1 })).to.equal(null);
        setLinger(client.fd, 0);
        client.close();
        expect(sockets.get(tuple)).to.equal(null);
        expect(sockets.get({ ...tuple, localPort: tuple.localPort ^ 1 })).to.equal(null);
      });

      it('finds the listener that a SYN would go to, where there is one', () => {
        const nobody = { ...tuple, remote: new Uint8Array(address.length), remotePort: 0 };
        expect(sockets.listener(nobody)).to.include({ state: LISTEN, localPort: tuple.localPort });
        expect(sockets.listener({ ...nobody, localPort: tuple.localPort ^ 1 })).to.equal(null);
        expect(sockets.listener(tuple)).to.equal(null);
        closeFd(listener);
        expect(sockets.listener(nobody)).to.equal(null);
        // On all addresses of both families.
        listener = tcpSocket(namespace, { family: 6, bind: { address: new Uint8Array(16), port: 0 } });
        tcpListen(listener, 4);
        expect(sockets.listener({ ...nobody, localPort: localPort(listener) })).to.include({ state: LISTEN });
      });

      it('destroys that connection, and not the listener that remains', () => {
        const found = sockets.get(tuple)!;
        expect(sockets.destroy(found)).to.equal(true);
        expect(() => client.receive())
          .to.throw()
          .with.property('errno', 'ECONNRESET');
        expect(sockets.get(tuple)).to.equal(null);
        // The kernel's lookup falls back to the listener: only the cookie keeps it from being destroyed.
        expect(sockets.destroy(found)).to.equal(false);
        expect(listens()).to.deep.equal([tuple.localPort]);
      });

      it('does not destroy a listener', () => {
        const [row] = sockets.dump(family, 1 << LISTEN);
        expect(sockets.destroy(row!)).to.equal(false);
        expect(listens()).to.deep.equal([tuple.localPort]);
      });

      it('dumps the sockets of the family in the states that are asked for', () => {
        const ports = (states?: number) => sockets.dump(family, states).map(({ localPort: port }) => port);
        const both = [tuple.localPort, tuple.remotePort];
        expect(ports(1 << ESTABLISHED)).to.have.members(both);
        expect(ports()).to.have.members([...both, tuple.localPort]);
        expect(sockets.dump(family === 4 ? 6 : 4)).to.deep.equal([]);
        expect(sockets.dump(family, 1 << 11)).to.deep.equal([]);
      });

      it('sees its own namespace alone', () => {
        const elsewhere = Namespace.create();
        const others = elsewhere.run(() => new SockDiag());
        expect(others.dump(family)).to.deep.equal([]);
        expect(others.get(tuple)).to.equal(null);
        others.close();
        elsewhere.close();
      });

      it('can be closed twice', () => {
        sockets.close();
        const next = namespace.run(() => new SockDiag());
        sockets.close();
        expect(next.get(tuple)!.state).to.equal(ESTABLISHED);
        next.close();
      });
    });
  }
});
