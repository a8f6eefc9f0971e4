import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { expect } from 'chai';
import { closeFd, tcpConnect, tcpListen, tcpSocket } from '#sys';
import { ACK, FIN, parseAddress, RST, SYN, type Flags } from '#tcp';
import { closeHub, closePremises, createLab, NOBODY, type Lab } from './index.ts';
import { Canary } from './testing/canary.ts';
import { needsLab } from './testing/needs.ts';
import { readAll, segmentTo } from './testing/packets.ts';
import { until } from './testing/until.ts';

const PORT = 7000;
/** The kernel's numbers of the states, and what they are called. */
const NAMES =
  '- ESTABLISHED SYN_SENT SYN_RCVD FIN_WAIT_1 FIN_WAIT_2 TIME_WAIT CLOSE CLOSE_WAIT LAST_ACK LISTEN CLOSING SYN_RCVD'.split(
    ' ',
  );

for (const family of [4, 6] as const) {
  describe(`lab: its end, with IPv${family} connections in every state`, () => {
    let lab: Lab;
    let server: Server;
    let nextPort = 20_000;

    before(function () {
      needsLab(this);
    });
    beforeEach(async () => {
      lab = createLab();
      const bind = { address: parseAddress(lab.server.addresses[family]!), port: PORT };
      const fd = tcpSocket(lab.server.namespace, { family, bind });
      tcpListen(fd, 64);
      server = createServer({ allowHalfOpen: true });
      server.listen({ fd });
      await once(server, 'listening');
    });
    after(() => {
      closeHub();
      closePremises();
    });

    /** The other end of a connection: what it sends, and what the server's next number is. */
    class Peer {
      readonly port = nextPort++;
      next = 8;
      expected = 0;

      send(flags: Flags, ack = this.expected, seq = this.next): void {
        lab.server.link!.write(
          segmentTo(lab.server, { family, flags, port: PORT, from: this.port, seq, ack }),
        );
        if ((flags & FIN) !== 0) this.next++;
      }

      syn(): void {
        this.send(SYN, 0, 7);
        const answer = readAll(lab.server).find(
          ({ to, flags }) => to.port === this.port && (flags & SYN) !== 0,
        )!;
        this.expected = answer.seq + 1;
      }

      async connect(): Promise<Socket> {
        const accepted = once(server, 'connection') as Promise<[Socket]>;
        this.syn();
        this.send(ACK);
        const [socket] = await accepted;
        socket.on('error', () => undefined);
        return socket;
      }
    }

    /** A connection whose server has no descriptor of it any more. */
    const orphan = async (...after: readonly ((peer: Peer) => void)[]): Promise<void> => {
      const peer = new Peer();
      const socket = await peer.connect();
      if (after[0] === closeWait) after[0](peer);
      socket.destroy();
      await once(socket, 'close');
      readAll(lab.server);
      for (const act of after) if (act !== closeWait) act(peer);
    };
    const closeWait = (peer: Peer): void => peer.send(FIN | ACK);
    const acknowledge = (peer: Peer): void => peer.send(ACK, peer.expected + 1);

    const holdAll = async (): Promise<{ sockets: Socket[]; fd: number }> => {
      new Peer().syn();
      const peers = [new Peer(), new Peer()] as const;
      const sockets = [await peers[0].connect(), await peers[1].connect()];
      closeWait(peers[1]);
      await orphan(); // FIN_WAIT_1
      await orphan(acknowledge); // FIN_WAIT_2
      await orphan(acknowledge, (peer) => peer.send(FIN | ACK, peer.expected + 1)); // TIME_WAIT
      await orphan((peer) => peer.send(FIN | ACK)); // CLOSING: its FIN is not acknowledged by ours
      await orphan(closeWait); // LAST_ACK
      const fd = tcpSocket(lab.server.namespace, { family });
      tcpConnect(fd, parseAddress(NOBODY[family].address), NOBODY[family].port);
      return { sockets, fd };
    };

    const states = (): string[] => [
      ...new Set(lab.server.sockets!.dump(family).map(({ state }) => NAMES[state]!)),
    ];

    it('ends the namespace, whatever is left', async () => {
      const { sockets, fd } = await holdAll();
      expect(states()).to.have.members(
        'LISTEN SYN_SENT SYN_RCVD ESTABLISHED FIN_WAIT_1 FIN_WAIT_2 TIME_WAIT CLOSING CLOSE_WAIT LAST_ACK'.split(
          ' ',
        ),
      );
      const canary = new Canary(lab.server.namespace);
      server.close();
      lab.close();
      closeFd(fd);
      for (const socket of sockets) socket.destroy();
      await until('the namespace has ended', () => canary.hasEnded);
      canary.close();
    });

    it('tells the other end of what was established: a RST', async () => {
      const peer = new Peer();
      const socket = await peer.connect();
      readAll(lab.server);
      const failed = new Promise<Error>((resolve) => socket.once('error', resolve));
      const [row] = lab.server.sockets!.dump(family, 1 << 1);
      expect(lab.server.sockets!.destroy(row!)).to.equal(true);
      expect(readAll(lab.server).map(({ flags }) => flags & RST)).to.deep.equal([RST]);
      expect(await failed).to.have.property('code', 'ECONNABORTED');
      server.close();
      lab.close();
    });
  });
}
