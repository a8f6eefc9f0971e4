import { readdirSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { expect } from 'chai';
import {
  closedByPeer,
  connectWithin,
  exchange,
  hangUp,
  tryTarget,
  wholeHttpAnswer,
  type Exchange,
  type TargetProgram,
} from '#target';
import { faults } from './index.ts';

const PATIENCE_MS = 10_000;
const MIB = 1024 * 1024;
/** Each waits for a second for its slow answer, and for little else. */
const AT_ONCE = 16;

describe('the table of faulty servers', () => {
  const names = faults.map(({ name }) => name);

  it('has at least 34, each once', () => {
    expect(faults).to.have.length.of.at.least(34);
    expect(new Set(names).size).to.equal(names.length);
  });

  it('has an entry for each file, and none besides', () => {
    const files = readdirSync(new URL('./servers', import.meta.url))
      .filter((file) => /-.*\.(py|ts)$/.test(file))
      .map((file) => file.replace(/\.\w+$/, ''));
    expect(names.toSorted()).to.deep.equal(files.toSorted());
  });

  it('says of each what is wrong, where that was seen, and which cases must tell', () => {
    for (const { title, issue, caughtBy } of faults) {
      expect(title).to.match(/^[a-z]/);
      expect(issue).to.match(/#\d+$|ticket \d+$/);
      expect(caughtBy).not.to.have.length(0);
      for (const id of caughtBy) expect(id).to.match(/^(close|handshake|reuse|pressure)\/[a-z\d-]+$/);
    }
  });

  it('has covered every family of faults that an application can have', () => {
    expect(new Set(faults.map(({ family }) => family))).to.have.all.keys('ABCDEFGHIJKL'.split(''));
  });

  it('has a twin for each: the same file, told to be sound', () => {
    for (const { target, twin } of faults) {
      const installed = { program: 'interpreter', version: '' };
      const context = { folder: '/f', addresses: ['127.0.0.1'], ports: { main: 1 }, dialTo: {} };
      const faulty = target.plan(context, installed).command;
      expect(twin.plan(context, installed).command).to.deep.equal([...faulty, '--sound']);
      expect(twin.name).not.to.equal(target.name);
    }
  });
});

describe('each faulty server, and its twin, serves whoever does nothing unusual', function () {
  this.timeout(60_000);

  const programs = faults.flatMap(({ target, twin }) => [target, twin]);
  const outcomes = new Map<TargetProgram, Promise<void>>();
  let backend: Awaited<ReturnType<typeof pongServer>>;

  before(async function () {
    if (programs[0]!.find() === null) return this.skip();
    backend = await pongServer();
    const turns = Array.from({ length: AT_ONCE }, () => Promise.resolve());
    for (const [number, program] of programs.entries()) {
      const outcome = turns[number % AT_ONCE]!.then(() => serves(program, backend.endpoint));
      outcomes.set(program, outcome);
      turns[number % AT_ONCE] = outcome.catch(() => undefined);
    }
  });
  after(() => backend?.close());

  for (const program of programs) it(program.name, () => outcomes.get(program));
});

/** Asks for all that it declares, by clients that wait for each answer, and close when the server does. */
function serves(program: TargetProgram, backend: AddressInfo): Promise<void> {
  const { large, slow, upload, refusesUpload, effect, relay, closesFirst, largeThenCloses } = program.traits;
  return tryTarget(program, 'loopback', async (target) => {
    const ask = async (socket: Socket, what: Exchange): Promise<string> => {
      const { ended, received } = await exchange(socket, what, PATIENCE_MS);
      expect(ended, `${String(what.reply)} to ${String(what.send).slice(0, 50)}`).to.equal('reply');
      return received;
    };
    const connected = async (work: (socket: Socket) => Promise<unknown>): Promise<void> => {
      const socket = (await connectWithin(target.host, target.endpoint(4)))!;
      await work(socket);
      await hangUp(socket);
    };

    await connected(async (socket) => {
      await ask(socket, target.greeting!);
      await ask(socket, upload!(MIB));
      const askedMs = performance.now();
      await ask(socket, slow!);
      expect(performance.now() - askedMs).to.be.at.least(slow!.afterMs - 1);
      for (const runs of [0, 1]) {
        expect(effect!.read(await ask(socket, effect!.count))).to.equal(runs);
        await ask(socket, { send: effect!.send, reply: wholeHttpAnswer });
      }
      await ask(socket, closesFirst!);
      expect(await closedByPeer(socket, PATIENCE_MS)).to.equal(true);
    });
    await connected(async (socket) => {
      expect((await ask(socket, large!)).length).to.be.within(large!.bytes, large!.bytes + 1024);
    });
    await connected((socket) => ask(socket, refusesUpload!));
    const { send, reply } = relay!;
    await connected((socket) => ask(socket, { send: send(backend), reply }));
    await connected(async (socket) => {
      const never = { test: () => false };
      const { ended, received } = await exchange(socket, { ...largeThenCloses!, reply: never }, PATIENCE_MS);
      expect(received.length).to.be.within(largeThenCloses!.bytes, largeThenCloses!.bytes + 1024);
      expect(ended).to.be.oneOf(program.name === 'linger-zero' ? ['closed', 'error'] : ['closed']);
    });
    expect(await target.stop()).to.equal('');
  });
}

/** Answers what it is sent. */
async function pongServer() {
  const server = createServer((socket) => {
    socket.on('error', () => undefined).on('data', () => socket.end('pong\n'));
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  return { endpoint: server.address() as AddressInfo, close: () => server.close() };
}
