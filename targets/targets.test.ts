import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import {
  closedByPeer,
  connectWithin,
  exchange,
  hangUp,
  tryTarget,
  whyNotOn,
  type Exchange,
  type RunningTarget,
  type TargetDefinition,
} from '#target';
import { chosenTargets } from './chosen.ts';

const targets = chosenTargets();

const delay = promisify(setTimeout);

const SILENCE_MS = 100;
const PATIENCE_MS = 3000;

for (const plane of ['wire', 'loopback'] as const) {
  for (const definition of targets) {
    const missing = definition.find() === null ? `not installed: ${definition.install}` : whyNotOn(plane);
    describe(`target ${definition.name} on the plane ${plane}${missing === null ? '' : ` (${missing})`}`, () => {
      before(function () {
        if (missing !== null) this.skip();
      });

      const on = (work: (target: RunningTarget) => Promise<void>) => () => tryTarget(definition, plane, work);

      it(
        'answers on each family, and leaves nothing behind when it is stopped',
        on(async (target) => {
          for (const family of target.families) await target.greet(family);
          const pids = target.process!.pids();
          expect(pids).to.include(target.process!.pid);
          expect(await target.stop()).to.equal('');
          expect(pids.filter(isAlive)).to.deep.equal([]);
          expect(leftFolders()).to.deep.equal([]);
        }),
      );

      it(
        'holds what it held before, once it has been greeted',
        on(async (target) => {
          const before = target.counts();
          for (const family of target.families) await target.greet(family);
          await eventually(() => {
            const { fds, processes, sockets } = target.counts();
            expect({ processes, sockets }).to.deep.equal({
              processes: before.processes,
              sockets: before.sockets,
            });
            // Fewer: the connection of the first greeting was still being closed.
            expect(fds).to.be.at.most(before.fds!);
          });
        }),
      );

      it(
        'says nothing while it is paused, and answers when it goes on',
        on(async (target) => {
          await target.process!.pause();
          const socket = await connected(target);
          const { send, reply } = target.greeting!;
          expect(await exchange(socket, { send, reply }, SILENCE_MS)).to.include({
            ended: 'deadline',
            received: '',
          });
          const answer = exchange(socket, { send: '', reply }, PATIENCE_MS);
          await target.process!.resume();
          expect(await answer).to.include({ ended: 'reply' });
          await hangUp(socket);
        }),
      );

      it(
        'can be killed, and started again on the same port',
        on(async (target) => {
          const { process, families } = target;
          const before = families.map((family) => target.endpoint(family));
          const died = process!.died;
          await process!.kill();
          expect(await died).to.deep.equal({ code: null, signal: 'SIGKILL' });
          expect(await connectWithin(target.host, before[0]!)).to.equal(null);
          await process!.restart();
          expect(families.map((family) => target.endpoint(family))).to.deep.equal(before);
          for (const family of families) await target.greet(family);
        }),
      );

      it(
        'is ended in order when it is paused, too',
        on(async (target) => {
          await target.process!.pause();
          expect(await target.stop()).to.equal('');
        }),
      );
    });
  }
}

describe('declared traits', () => {
  for (const definition of targets.filter((target) => target.find() !== null)) {
    const { name, traits } = definition;
    const forEachFamily = (work: (socket: Socket, target: RunningTarget) => Promise<void>) => () =>
      tryTarget(definition, 'loopback', async (target) => {
        for (const family of target.families) {
          const socket = await connected(target, family);
          await work(socket, target);
          await hangUp(socket);
        }
      });

    const answersAndCloses = ({ send, reply }: Exchange) =>
      forEachFamily(async (socket) => {
        expect(await exchange(socket, { send, reply }, PATIENCE_MS)).to.include({ ended: 'reply' });
        expect(await closedByPeer(socket, PATIENCE_MS)).to.equal(true);
      });

    if (traits.closesFirst !== undefined) {
      it(`${name} answers and closes first`, answersAndCloses(traits.closesFirst));
    }
    if (traits.shutsFirst !== undefined) {
      it(`${name} answers and closes its sending side first`, answersAndCloses(traits.shutsFirst));
    }

    const { largeThenCloses } = traits;
    if (largeThenCloses !== undefined) {
      it(
        `${name} sends ${largeThenCloses.bytes} bytes and closes first`,
        forEachFamily(async (socket) => {
          const never = { test: () => false };
          const answer = await exchange(socket, { send: largeThenCloses.send, reply: never }, PATIENCE_MS);
          expect(answer.ended).to.equal('closed');
          expect(answer.received.length).to.be.within(largeThenCloses.bytes, largeThenCloses.bytes + 1024);
        }),
      );
    }

    if (traits.closesOnFin === true) {
      it(
        `${name} closes when an idle client does`,
        forEachFamily(async (socket) => {
          socket.end();
          expect(await closedByPeer(socket, PATIENCE_MS)).to.equal(true);
        }),
      );
    }

    if (traits.dials !== undefined) it(`${name} dials where it is told to`, () => dialsListeners(definition));
  }
});

describe('traits that the wire shows', () => {
  before(function () {
    if (whyNotOn('wire') !== null) this.skip();
  });

  for (const definition of targets.filter((target) => target.find() !== null)) {
    const { name, traits } = definition;
    const { dials, defersAccept } = traits;
    if (dials !== undefined) {
      it(`${name} is in SYN_SENT while nobody answers it`, () =>
        tryTarget(definition, 'wire', async (target) => {
          for (const family of target.families) {
            const socket = await connected(target, family);
            socket.write(dials.send(target.dialTo[family]!));
            await eventually(() => expect(target.counts().sockets?.SYN_SENT).to.equal(1));
            if (dials.undo === undefined) socket.resetAndDestroy();
            else socket.write(dials.undo);
            // Not all give up at once: nginx has a time-out of its own.
            if (name !== 'nginx')
              await eventually(() => expect(target.counts().sockets?.SYN_SENT).to.equal(0));
            else await target.process!.restart();
            socket.destroy();
          }
        }));
    }
    if (defersAccept !== undefined) {
      it(`${name} leaves a silent client in SYN_RCVD on its port '${defersAccept.port}'`, () =>
        tryTarget(definition, 'wire', async (target) => {
          for (const family of target.families) {
            const socket = (await connectWithin(target.host, target.endpoint(family, defersAccept.port)))!;
            expect(target.counts().sockets).to.include({ SYN_RCVD: 1, ESTABLISHED: 0 });
            socket.resetAndDestroy();
          }
        }));
    }
  }

  it('keep several targets at once apart', async () => {
    const known = targets.filter((target) => target.find() !== null);
    const pids = await Promise.all(
      known.map((definition) =>
        tryTarget(definition, 'wire', async (target) => {
          for (const family of target.families) await target.greet(family);
          await delay(SILENCE_MS);
          return target.process!.pids();
        }),
      ),
    );
    expect(new Set(pids.flat()).size).to.equal(pids.flat().length);
    expect(leftFolders()).to.deep.equal([]);
  });
});

async function connected(target: RunningTarget, family = target.families[0]!): Promise<Socket> {
  const socket = await connectWithin(target.host, target.endpoint(family));
  if (socket === null) throw new Error(`${target.info.name} accepts no connection`);
  return socket;
}

/** Starts the target with listeners of our own to dial, and sees that each is dialled. */
async function dialsListeners(definition: TargetDefinition): Promise<void> {
  const listeners = { 4: await listener('127.0.0.1'), 6: await listener('::1') } as const;
  const dialTo = { 4: listeners[4].endpoint, 6: listeners[6].endpoint };
  try {
    await tryTarget(
      definition,
      'loopback',
      async (target) => {
        for (const family of target.families) {
          const socket = await connected(target, family);
          socket.write(definition.traits.dials!.send(dialTo[family]));
          await listeners[family].called;
          socket.resetAndDestroy();
        }
      },
      { dialTo },
    );
  } finally {
    for (const family of [4, 6] as const) listeners[family].close();
  }
}

async function listener(address: string) {
  const server = createServer((socket) => socket.destroy());
  const called = new Promise((resolve) => server.once('connection', resolve));
  await new Promise<void>((resolve) => server.listen({ host: address, port: 0 }, resolve));
  const { port } = server.address() as AddressInfo;
  return { endpoint: { address, port }, called, close: () => server.close() };
}

/** A child that its parent left is dead before whoever inherits it has looked. */
function isAlive(pid: number): boolean {
  const stat = `/proc/${pid}/stat`;
  return existsSync(stat) && !/\) [ZX] /.test(readFileSync(stat, 'latin1'));
}

/** Whatever this process's targets have left under the temporary folder. */
function leftFolders(): string[] {
  return readdirSync(tmpdir())
    .filter((name) => name.startsWith(`closewait-${process.pid}-`))
    .flatMap((name) => readdirSync(join(tmpdir(), name)));
}

async function eventually(check: () => void): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return check();
    } catch (error) {
      if (performance.now() > end) throw error;
      await delay(2);
    }
  }
}
