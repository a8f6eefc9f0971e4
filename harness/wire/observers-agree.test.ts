import { expect } from 'chai';
import { closeHub, closePremises, labPrivilege } from '#lab';
import { observers, ss, witness, type Observer, type SocketRow } from '#observe';
import { closeFd, tcpConnect, tcpListen, tcpSocket } from '#sys';
import { formatEndpoint, parseAddress, seqAdd, type Endpoint, type Family, type State } from '#tcp';
import { openBench, type Bench } from './testing/bench.ts';

const DUAL_PORT = 7001;

describe('wire: all observers agree, in every state', () => {
  before(function () {
    const privilege = labPrivilege();
    if (!privilege.ok) this.skip();
  });
  after(() => {
    closeHub();
    closePremises();
  });

  for (const family of [4, 6] as const) {
    describe(`IPv${family}`, () => {
      let bench: Bench;
      let held: Held;
      before(async () => {
        bench = openBench(family);
        held = await holdEveryState(bench, family);
      });
      after(async () => {
        held.fds.forEach(closeFd);
        await bench[Symbol.asyncDispose]();
      });

      const listAll = (observer: Observer) => observer.list(bench.lab.server.namespace);

      for (const observer of observers) {
        it(`${observer.name} sees what was brought about`, async function () {
          if (!observer.available().ok) this.skip();
          expect((await listAll(observer)).map(summary).sort()).to.deep.equal(held.expected);
        });

        it(`${observer.name} lists each state alone`, async function () {
          if (!observer.available().ok) this.skip();
          for (const row of held.expected) {
            const state = row.split(' ')[1] as State;
            const rows = await observer.list(bench.lab.server.namespace, { state, family });
            const wanted = held.expected.filter((other) => other.startsWith(`${family} ${state} `));
            expect(rows.map(summary).sort()).to.deep.equal(wanted);
          }
        });
      }

      it('their queues, and their owners by inode and pid, are the same', async function () {
        if (observers.some((observer) => !observer.available().ok)) this.skip();
        // One after another: a tool that is being spawned holds our sockets until it has become itself.
        const reference = await listAll(observers[0]!);
        const others = [];
        for (const observer of observers.slice(1)) others.push(...(await listAll(observer)));
        for (const row of others) {
          const same = reference.find((other) => summary(other) === summary(row))!;
          const { recvQueue, sendQueue } = row;
          expect(same, summary(row)).to.include({
            ...(recvQueue === undefined ? {} : { recvQueue }),
            ...(sendQueue === undefined ? {} : { sendQueue }),
          });
          if (row.inode !== undefined) expect(row.inode > 0, summary(row)).to.equal(same.pids !== undefined);
          if (row.pids !== undefined) expect(row.pids).to.deep.equal(same.pids);
        }
      });

      it('ss bears witness of each connection by its own line', async function () {
        if (!ss.available().ok) this.skip();
        const { namespace } = bench.lab.server;
        for (const [state, local, remote] of held.connections) {
          const lines = await witness(namespace, { local, remote });
          expect(lines).to.have.lengthOf(1);
          expect(lines[0])
            .to.match(new RegExp(`^${SS_SPELLING[state]} `))
            .and.contain(`:${remote.port}`);
        }
        const onPort = held.expected.filter((row) => row.includes(`${formatEndpoint(bench.server)} `));
        expect(await witness(namespace, { local: bench.server })).to.have.lengthOf(onPort.length);
        const gone = { local: bench.server, remote: { ...bench.server, port: 9 } };
        expect(await witness(namespace, gone)).to.deep.equal([]);
      });
    });
  }
});

const SS_SPELLING: Readonly<Partial<Record<State, string>>> = {
  SYN_SENT: 'SYN-SENT',
  SYN_RCVD: 'SYN-RECV',
  ESTABLISHED: 'ESTAB',
  FIN_WAIT_1: 'FIN-WAIT-1',
  FIN_WAIT_2: 'FIN-WAIT-2',
  CLOSE_WAIT: 'CLOSE-WAIT',
  CLOSING: 'CLOSING',
  LAST_ACK: 'LAST-ACK',
  TIME_WAIT: 'TIME-WAIT',
};

interface Held {
  readonly connections: readonly (readonly [State, local: Endpoint, remote: Endpoint])[];
  /** The summaries of all sockets of the namespace, sorted. */
  readonly expected: readonly string[];
  readonly fds: readonly number[];
}

/**
 * One connection in each state, FIN_WAIT_2 both owned and orphaned; and a listener for both families with connections of
 * IPv4 clients, half-open and not accepted, which the kernel has as IPv4-mapped IPv6.
 */
async function holdEveryState(bench: Bench, family: Family): Promise<Held> {
  const { namespace } = bench.lab.server;
  const connections: [State, Endpoint, Endpoint][] = [];
  const open = async () => {
    const peer = bench.peer();
    await peer.connect();
    return {
      peer,
      socket: await bench.accepted(),
      is: (state: State) => note(state, bench.server, peer.local),
    };
  };
  const note = (state: State, local: Endpoint, remote: Endpoint): void => {
    connections.push([state, local, remote]);
  };

  const halfOpen = bench.peer();
  halfOpen.syn();
  note('SYN_RCVD', bench.server, halfOpen.local);

  (await open()).is('ESTABLISHED');

  const closeWait = await open();
  closeWait.peer.fin();
  closeWait.is('CLOSE_WAIT');

  const lastAck = await open();
  lastAck.peer.fin();
  lastAck.socket.resume().end();
  await lastAck.peer.expect({ has: 'F' });
  lastAck.is('LAST_ACK');

  const closeFirst = async () => {
    const opened = await open();
    opened.socket.end();
    await opened.peer.expect({ has: 'F' });
    return opened;
  };
  (await closeFirst()).is('FIN_WAIT_1');

  const shutDown = await closeFirst();
  shutDown.peer.ack();
  shutDown.is('FIN_WAIT_2');

  const orphan = await closeFirst();
  orphan.peer.ack();
  orphan.socket.destroy();
  orphan.is('FIN_WAIT_2');

  const closing = await closeFirst();
  closing.peer.fin({ ack: seqAdd(closing.peer.rcvNxt!, -1) });
  closing.is('CLOSING');

  const timeWait = await closeFirst();
  timeWait.peer.ack();
  timeWait.peer.fin();
  timeWait.is('TIME_WAIT');

  const dialled = bench.peer({ remote: null });
  const dialler = tcpSocket(namespace, { family });
  tcpConnect(dialler, parseAddress(dialled.local.address), dialled.local.port);
  await dialled.expect({ flags: 'S' });
  note('SYN_SENT', dialled.remote!, dialled.local);

  const dual = tcpSocket(namespace, { family: 6, bind: { address: parseAddress('::'), port: DUAL_PORT } });
  tcpListen(dual, 5);
  const remote = { address: bench.lab.server.addresses[4]!, port: DUAL_PORT };
  const unaccepted = bench.peer({ family: 4, remote });
  await unaccepted.connect();
  const mapped = bench.peer({ family: 4, remote });
  mapped.syn();

  const any = { address: family === 4 ? '0.0.0.0' : '::', port: 0 };
  const expected = [
    line(family, 'LISTEN', bench.server, any),
    ...connections.map(([state, local, peer]) => line(family, state, local, peer)),
    line(6, 'LISTEN', { address: '::', port: DUAL_PORT }, { address: '::', port: 0 }),
    line(4, 'ESTABLISHED', remote, unaccepted.local),
    line(4, 'SYN_RCVD', remote, mapped.local),
  ].sort();
  return { connections, expected, fds: [dialler, dual] };
}

function summary({ family, state, local, remote }: SocketRow): string {
  return line(family, state, local, remote);
}

function line(family: Family, state: State, local: Endpoint, remote: Endpoint): string {
  return `${family} ${state} ${formatEndpoint(local)} ${formatEndpoint(remote)}`;
}
