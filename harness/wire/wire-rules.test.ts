import type { Socket } from 'node:net';
import { expect } from 'chai';
import { random } from '#core';
import { bestLinkKind, closeHub, closePremises, labPrivilege } from '#lab';
import { LINK_KINDS } from '#sys';
import { seqDiff } from '#tcp';
import type { FaultEvent } from '#trace';
import { Client } from './client.ts';
import { openBench, type Bench } from './testing/bench.ts';

const FAMILIES = [4, 6] as const;
const links = bestLinkKind() === 'tun' ? LINK_KINDS : (['veth'] as const);
const DATA = { length: [1, Infinity] } as const;

describe('wire: rules between two kernels', () => {
  before(function () {
    if (!labPrivilege().ok) this.skip();
  });
  after(() => {
    closeHub();
    closePremises();
  });

  for (const link of links) {
    for (const family of FAMILIES) {
      describe(`${link}, IPv${family}`, () => {
        let bench: Bench;
        beforeEach(() => (bench = openBench(family, { link })));
        afterEach(() => {
          bench.wire.clearRules();
          return bench[Symbol.asyncDispose]();
        });

        const connect = (): Client => {
          const { wire, server: remote, trace } = bench;
          return new Client(wire.clientHost, { family, remote, trace, wire, noDelay: true });
        };
        const path = (side: 'server' | 'client'): string[] =>
          bench.trace.path(side).map(({ state }) => state);
        const faults = (): string[] =>
          bench.trace.events.flatMap((event) =>
            event.kind === 'fault' ? [`${event.act} ${event.from} ${event.flags}`] : [],
          );
        const text = async (socket: Socket, length: number): Promise<string> => {
          let received = '';
          socket.on('data', (part: Buffer) => (received += part.toString('latin1')));
          while (received.length < length) await new Promise((resolve) => setTimeout(resolve, 1));
          return received;
        };

        it('without a rule is a cable: both ends are followed through a whole life', async () => {
          const client = connect();
          const socket = await bench.accepted();
          expect([client.state(), client.own.state()]).to.deep.equal(['ESTABLISHED', 'ESTABLISHED']);
          client.send('hello');
          expect(await text(socket, 5)).to.equal('hello');
          client.halfClose();
          expect([client.state(), path('client').at(-1)!.slice(0, 8)]).to.deep.equal([
            'CLOSE_WAIT',
            'FIN_WAIT',
          ]);
          socket.end('bye');
          expect(String(await client.readToEnd())).to.equal('bye');
          expect(String(client.sentBy('server'))).to.equal('bye');
          client.dispose();
          expect(path('server')).to.deep.equal([
            'LISTEN',
            'SYN_RCVD',
            'ESTABLISHED',
            'CLOSE_WAIT',
            'LAST_ACK',
            'CLOSED',
          ]);
          expect(path('client')).to.include.members(['SYN_SENT', 'ESTABLISHED', 'FIN_WAIT_1', 'TIME_WAIT']);
          expect(faults()).to.deep.equal([]);
          expect(client.own.look()).to.equal('CLOSED');
        });

        it('drops and holds: the final ACK is lost, then a FIN waits', async () => {
          const lost = bench.wire.rule({ from: 'client', flags: 'A', nth: 1 }).drop();
          const client = connect();
          expect([client.state(), client.own.state()]).to.deep.equal(['SYN_RCVD', 'ESTABLISHED']);
          expect([lost.matched, faults()]).to.deep.equal([1, ['drop client A']]);
          client.send('completes the handshake');
          const socket = await bench.accepted();
          const fin = bench.wire.rule({ has: 'F' }).hold();
          socket.end();
          await fin.hits();
          expect([client.state(), client.own.state()]).to.deep.equal(['FIN_WAIT_1', 'ESTABLISHED']);
          expect(path('server').at(-1)).to.equal('FIN_WAIT_1');
          fin.release();
          expect(client.own.state()).to.equal('CLOSE_WAIT');
          client.dispose();
        });

        it('duplicates a SYN: one connection', async () => {
          bench.wire.rule({ flags: 'S' }).duplicate(3);
          const client = connect();
          await bench.accepted();
          const { port } = client.tuple.remote;
          const sockets = bench.lab.server.sockets!.dump(family);
          expect(sockets.filter(({ remotePort }) => remotePort === port)).to.have.lengthOf(1);
          client.dispose();
        });

        it('reorders, corrupts and delays: what is read is what was sent', async () => {
          const { wire } = bench;
          const client = connect();
          const socket = await bench.accepted();
          const late = wire.rule({ from: 'client', ...DATA, nth: 1 }).reorder();
          const damaged = wire.rule({ from: 'client', payload: 'three', retransmission: false }).corrupt();
          for (const part of ['one ', 'two ', 'three']) client.send(part);
          expect(await text(socket, 13)).to.equal('one two three');
          const slow = wire.rule({ from: 'server', ...DATA }).delay(30);
          const startMs = performance.now();
          socket.write('answer');
          expect(String(await client.read((bytes) => bytes.length === 6))).to.equal('answer');
          expect(performance.now() - startMs).to.be.at.least(29);
          expect([late.matched, damaged.matched]).to.deep.equal([1, 1]);
          expect(slow.matched).to.be.at.least(1);
          await client.arrival('client', { retransmission: true }, 0);
          client.dispose();
        });

        it('rewrites: a window of nothing stops the server', async () => {
          const client = connect();
          const socket = await bench.accepted();
          const shut = bench.wire.rule({ from: 'client', flags: 'A' }).rewrite(({ tcp }) => (tcp.window = 0));
          client.send('x');
          shut.remove();
          bench.wire.rule({ from: 'client' }).rewrite(({ tcp }) => (tcp.window = 0));
          client.send('y');
          await text(socket, 2);
          socket.write('never comes');
          const none = await client
            .read((bytes) => bytes.length > 0, 50)
            .catch((error: Error) => error.message);
          expect(none).to.include('nothing more came');
          client.dispose();
        });

        it('goes by a state that was just looked up, of either end', async () => {
          const inTimeWait = bench.wire.rule({ from: 'client', state: { client: 'TIME_WAIT' } }).drop();
          const inListen = bench.wire.rule({ state: { server: 'SYN_RCVD', client: 'SYN_SENT' } }).hold();
          const client = connect();
          expect([inListen.matched, client.state(), client.own.state()]).to.deep.equal([
            1,
            'SYN_RCVD',
            'SYN_SENT',
          ]);
          inListen.remove();
          expect(client.own.state()).to.equal('ESTABLISHED');
          const socket = await bench.accepted();
          client.halfClose();
          socket.end();
          await inTimeWait.hits();
          expect([client.state(), client.own.state()]).to.deep.equal(['LAST_ACK', 'TIME_WAIT']);
          client.dispose();
        });

        it('takes packets of a peer too, and those for it', async () => {
          const { wire, trace } = bench;
          const peer = bench.peer();
          peer.syn();
          await peer.expect({ flags: 'SA' });
          const lost = wire.rule({ connection: peer, from: 'client', flags: 'A', nth: 1 }).drop();
          expect(peer.ack().state).to.equal('SYN_RCVD');
          expect([lost.matched, peer.ack().state]).to.deep.equal([1, 'ESTABLISHED']);
          const socket = await bench.accepted();
          wire.rule({ from: 'server', ...DATA, retransmission: false }).corrupt();
          socket.write('hello');
          const again = await peer.expect({ length: 5 });
          expect(String(Buffer.from(again.payload))).to.equal('hello');
          expect(faults()).to.deep.equal(['drop client A', 'corrupt server PA']);
          wire.rule({ from: 'server', has: 'F' }).drop();
          peer.ack();
          socket.end();
          while (path('server').at(-1) !== 'FIN_WAIT_1') await peer.changed(1);
          expect(trace.events.at(-1)).to.include({ kind: 'state', cause: 'server FIN-ACK' });
          peer.close();
        });
      });
    }
  }

  it('drops the same packets with the same seed', async () => {
    const lost: number[][] = [];
    for (const seed of [5, 5, 6]) {
      await using bench = openBench(4);
      bench.wire.begin(random(seed), 0);
      const peer = bench.peer();
      await peer.connect();
      bench.wire.rule({ from: 'client', ...DATA, chance: 0.4 }).drop();
      for (let count = 0; count < 30; count++) peer.data('x');
      const faults = bench.trace.events.filter((event): event is FaultEvent => event.kind === 'fault');
      lost.push(faults.map(({ seq }) => seqDiff(seq as typeof peer.iss, peer.iss)));
      bench.wire.clearRules();
      peer.close();
    }
    expect(lost[0]).to.have.length.within(4, 20);
    expect(lost[1]).to.deep.equal(lost[0]);
    expect(lost[2]).not.to.deep.equal(lost[0]);
  });
});
