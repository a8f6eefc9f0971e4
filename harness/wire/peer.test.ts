import { expect } from 'chai';
import { bestLinkKind, closeHub, closePremises, labPrivilege } from '#lab';
import { LINK_KINDS } from '#sys';
import { seqAdd } from '#tcp';
import { openBench, type Bench } from './testing/bench.ts';

const FAMILIES = [4, 6] as const;

/** An ordinary user has veth alone: /dev/net/tun is for root. */
const links = bestLinkKind() === 'tun' ? LINK_KINDS : (['veth'] as const);

describe('wire: the peer', () => {
  before(function () {
    const privilege = labPrivilege();
    if (!privilege.ok) this.skip();
  });
  after(() => {
    closeHub();
    closePremises();
  });

  for (const link of links) {
    for (const family of FAMILIES) {
      describe(`${link}, IPv${family}`, () => {
        let bench: Bench;
        beforeEach(() => {
          bench = openBench(family, { link });
        });
        afterEach(() => bench[Symbol.asyncDispose]());

        const path = () => bench.trace.path('server').map(({ state }) => state);

        it('takes a connection through a withheld handshake', async () => {
          const peer = bench.peer();
          expect(peer.syn().state).to.equal('SYN_RCVD');
          const answer = await peer.expect({ flags: 'SA' });
          expect(answer.ack).to.equal(seqAdd(peer.iss, 1));
          expect(peer.state()).to.equal('SYN_RCVD');
          expect(peer.ack().state).to.equal('ESTABLISHED');
          expect(path()).to.deep.equal(['LISTEN', 'SYN_RCVD', 'ESTABLISHED']);
          peer.close();
          expect(peer.state()).to.equal('CLOSED');
        });

        it('sees the server close first: FIN_WAIT_1, FIN_WAIT_2, TIME_WAIT', async () => {
          const peer = bench.peer();
          await peer.connect();
          (await bench.accepted()).end('bye');
          const fin = await peer.expect({ has: 'F' });
          expect(fin.state).to.equal('FIN_WAIT_1');
          expect(peer.ack().state).to.equal('FIN_WAIT_2');
          expect(peer.fin().state).to.equal('TIME_WAIT');
          expect(path()).to.deep.equal([
            'LISTEN',
            'SYN_RCVD',
            'ESTABLISHED',
            'FIN_WAIT_1',
            'FIN_WAIT_2',
            'TIME_WAIT',
          ]);
          peer.close();
        });

        it('crosses FINs: CLOSING', async () => {
          const peer = bench.peer();
          await peer.connect();
          (await bench.accepted()).end();
          await peer.expect({ has: 'F' });
          const short = seqAdd(peer.rcvNxt!, -1);
          expect(peer.fin({ ack: short }).state).to.equal('CLOSING');
          expect(peer.ack().state).to.equal('TIME_WAIT');
          peer.close();
        });

        it('half-closes: CLOSE_WAIT, LAST_ACK, CLOSED', async () => {
          const peer = bench.peer();
          await peer.connect();
          const socket = await bench.accepted();
          expect(peer.fin().state).to.equal('CLOSE_WAIT');
          await peer.expect({ flags: 'A', acksAtLeast: peer.sndNxt });
          socket.resume();
          socket.end();
          const fin = await peer.expect({ has: 'F' });
          expect(fin.state).to.equal('LAST_ACK');
          expect(peer.ack().state).to.equal('CLOSED');
          expect(path().slice(-4)).to.deep.equal(['ESTABLISHED', 'CLOSE_WAIT', 'LAST_ACK', 'CLOSED']);
        });

        it('exchanges data, acknowledging as it reads', async () => {
          const peer = bench.peer({ window: 4000 });
          await peer.connect();
          const socket = await bench.accepted();
          const body = Buffer.alloc(100_000, 'x');
          socket.once('data', () => socket.write(body));
          peer.data('go');
          const read = await peer.read((bytes) => bytes.length >= body.length);
          expect(read.equals(body)).to.equal(true);
          peer.close();
        });

        it('recognises a retransmission and does not take it for an answer', async () => {
          const peer = bench.peer();
          await peer.connect();
          (await bench.accepted()).end();
          await peer.expect({ has: 'F' });
          const again = await peer.expect({ has: 'F', retransmission: true }, 3000);
          expect(again.retransmission).to.equal(true);
          await peer.nothing({ has: 'F' });
          peer.close();
        });

        it('knows at once that nothing arrives', async () => {
          const peer = bench.peer();
          await peer.connect();
          peer.rst({ seq: seqAdd(peer.sndNxt, 100_000) });
          await peer.nothing();
          expect(peer.state()).to.equal('ESTABLISHED');
          peer.rst({ seq: seqAdd(peer.sndNxt, 1) });
          const failure = await peer.nothing().then(
            () => null,
            (error: Error) => error,
          );
          expect(failure).to.have.property('code', 'CW_UNMET');
          peer.close();
        });

        it('is dialled: SYN_SENT, and completes the handshake', async () => {
          const { tcpConnect, tcpSocket, closeFd } = await import('#sys');
          const { parseAddress } = await import('#tcp');
          const peer = bench.peer({ remote: null });
          const fd = tcpSocket(bench.lab.server.namespace, { family });
          tcpConnect(fd, parseAddress(peer.local.address), peer.local.port);
          const syn = await peer.expect({ flags: 'S' });
          expect(syn.state).to.equal('SYN_SENT');
          expect(peer.synAck().state).to.equal('ESTABLISHED');
          expect(path()).to.deep.equal(['CLOSED', 'SYN_SENT', 'ESTABLISHED']);
          peer.close();
          closeFd(fd);
        });
      });
    }
  }
});
