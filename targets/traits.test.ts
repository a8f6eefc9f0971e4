import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import {
  closedByPeer,
  connectWithin,
  exchange,
  hangUp,
  tryTarget,
  type Exchange,
  type RunningTarget,
  type TargetDefinition,
} from '#target';
import { chosenTargets } from './chosen.ts';

// Whether targets do what they declare, on the loopback plane.
const tried = chosenTargets();

const PATIENCE_MS = 5000;
/** What acts by a timer of its own looks at it once a second, some of them, and may be busy. */
const LATE_MS = 2500;
/** Some count in whole seconds, from the start of the one they are in. */
const EARLY_MS = 1000;
/** As sock_diag numbers it. */
const LISTEN = 10;
/** The end of a large request comes so much later. ms */
const TAIL_MS = 200;
const anything = /[^]/;
const never = { test: () => false };

type Family = RunningTarget['families'][number];

/** One connection of its own, and what is to be seen on it. */
interface Connected {
  readonly socket: Socket;
  readonly target: RunningTarget;
  readonly family: Family;
}

interface Check {
  readonly title: string;
  /** It waits for a time-out: others go on meanwhile. */
  readonly waits?: true;
  /** The named port to connect to. */
  readonly port?: string | undefined;
  readonly look: (connected: Connected) => Promise<void>;
}

type Backends = Readonly<Record<Family, Awaited<ReturnType<typeof backend>>>>;

for (const definition of tried) {
  const { name, install } = definition;
  const missing = definition.find() === null ? ` (not installed: ${install})` : '';

  describe(`traits of ${name}${missing}`, () => {
    const outcomes = new Map<string, unknown>();
    let backends: Backends;

    before(async function () {
      if (missing !== '') return this.skip();
      backends = { 4: await backend('127.0.0.1'), 6: await backend('::1') };
      const dialTo = { 4: backends[4].endpoint, 6: backends[6].endpoint };
      try {
        await tryTarget(definition, 'loopback', tryAll, { dialTo });
      } finally {
        for (const family of [4, 6] as const) backends[family].close();
      }
    });

    /** All on one server: a target is quick to test. */
    async function tryAll(target: RunningTarget): Promise<void> {
      const settle = async ({ title, port, look }: Check, family: Family): Promise<void> => {
        const socket = (await connectWithin(target.host, target.endpoint(family, port)))!;
        await look({ socket, target, family }).catch((error: unknown) => outcomes.set(title, error));
        await hangUp(socket);
      };
      for (const { title } of checks) outcomes.set(title, null);
      const onEach = (some: readonly Check[]) =>
        some.flatMap((check) => target.families.map((family) => () => settle(check, family)));
      const waiting = onEach(checks.filter(({ waits }) => waits)).map((look) => look());
      for (const look of onEach(checks.filter(({ waits }) => !waits))) await look();
      await Promise.all(waiting);
    }

    const checks = [...repliesOf(definition, (family) => backends[family]), ...timeOutsOf(definition)];
    for (const { title } of checks) {
      it(title, () => {
        const error = outcomes.get(title);
        if (error !== null) throw error;
      });
    }
  });
}

function repliesOf({ traits }: TargetDefinition, backendOf: (family: Family) => Backends[Family]): Check[] {
  const { large, slow, upload, refusesUpload, effect, relay, backlog } = traits;
  const checks: Check[] = [];
  if (large !== undefined) {
    const look = async ({ socket }: Connected): Promise<void> => {
      expect(large.bytes).to.be.at.least(1024 * 1024);
      const { ended, received } = await exchange(socket, large, PATIENCE_MS);
      expect(ended).to.equal('reply');
      expect(received.length).to.be.within(large.bytes, large.bytes * 1.1);
    };
    checks.push({ title: 'gives a large answer', look });
  }
  if (slow !== undefined) {
    const look = async ({ socket }: Connected): Promise<void> => {
      const start = performance.now();
      expect(await exchange(socket, slow, PATIENCE_MS)).to.include({ ended: 'reply' });
      expect(performance.now() - start).to.be.within(slow.afterMs - 20, slow.afterMs + LATE_MS);
    };
    checks.push({ title: 'gives a slow answer', waits: true, look });
  }
  if (upload !== undefined) {
    const { send, reply } = upload(1024 * 1024);
    const look = async ({ socket }: Connected): Promise<void> => {
      const tail = send.length - 100;
      const start = performance.now();
      const answer = exchange(socket, { send: send.slice(0, tail), reply }, PATIENCE_MS);
      await delay(TAIL_MS);
      socket.write(send.slice(tail));
      expect(await answer).to.include({ ended: 'reply' });
      expect(performance.now() - start).to.be.at.least(TAIL_MS);
    };
    checks.push({ title: 'answers a large request when it has all of it', look });
  }
  if (refusesUpload !== undefined) {
    const look = async ({ socket }: Connected): Promise<void> => {
      expect(await exchange(socket, refusesUpload, PATIENCE_MS)).to.include({ ended: 'reply' });
    };
    checks.push({ title: 'answers before the body has come', look });
  }
  if (effect !== undefined)
    checks.push({ title: 'does what it is told, and counts it', look: countsIt(effect) });
  if (relay !== undefined) {
    const look = async ({ socket, family }: Connected): Promise<void> => {
      const { endpoint, answers: asked } = backendOf(family);
      const answer = exchange(socket, { send: relay.send(endpoint), reply: relay.reply }, PATIENCE_MS);
      await asked(relay.backend);
      expect(await answer).to.include({ ended: 'reply' });
    };
    checks.push({ title: 'passes on what a server that it dials answers', port: relay.port, look });
  }
  if (backlog !== undefined) {
    const look = async ({ target, family }: Connected): Promise<void> => {
      const { port } = target.endpoint(family);
      const listeners = socketsOf(target).filter(
        ({ state, localPort }) => state === LISTEN && localPort === port,
      );
      // What a socket in LISTEN may send is its backlog.
      expect(new Set(listeners.map(({ sendQueue }) => sendQueue))).to.deep.equal(new Set([backlog]));
    };
    checks.push({ title: `listens with a backlog of ${backlog}`, look });
  }
  return checks;
}

function countsIt({ send, count, read }: NonNullable<TargetDefinition['traits']['effect']>): Check['look'] {
  return async ({ socket, target, family }) => {
    const counted = async (): Promise<number> => {
      const asking = (await connectWithin(target.host, target.endpoint(family)))!;
      const { received } = await exchange(asking, count, PATIENCE_MS);
      await hangUp(asking);
      return read(received);
    };
    const before = await counted();
    expect(before).to.be.at.least(0);
    expect(await exchange(socket, { send, reply: anything }, PATIENCE_MS)).to.include({ ended: 'reply' });
    // Some count when they have answered.
    await until(async () => (await counted()) !== before, PATIENCE_MS);
    expect(await counted()).to.equal(before + 1);
  };
}

function timeOutsOf({ traits, greeting }: TargetDefinition): Check[] {
  const { large, upload, timeouts = {} } = traits;
  const checks: Check[] = [];
  const add = (
    what: string,
    ms: number | undefined,
    look: (connected: Connected, ms: number) => Promise<void>,
  ) => {
    if (ms === undefined) return;
    const timed = async (connected: Connected): Promise<void> => {
      const since = performance.now();
      await look(connected, ms + LATE_MS);
      expect(performance.now() - since).to.be.within(ms - EARLY_MS, ms + LATE_MS);
    };
    checks.push({ title: `${what} after ${ms} ms`, waits: true, look: timed });
  };
  const stalls =
    (start: Exchange['send']) =>
    async ({ socket }: Connected, withinMs: number) => {
      const { ended } = await exchange(socket, { send: start, reply: never }, withinMs);
      expect(ended).not.to.equal('deadline');
    };
  add('closes an idle connection', timeouts.idle, async ({ socket, target }, withinMs) => {
    await exchange(socket, target.greeting!, PATIENCE_MS);
    expect(await closedByPeer(socket, withinMs)).to.equal(true);
  });
  const request = greeting?.send ?? '';
  add('gives up half a head', timeouts.head, stalls(request.slice(0, request.length / 2)));
  add('gives up half a body', timeouts.body, stalls(upload?.(100).send.slice(0, -50) ?? ''));
  add('gives up a client that does not read', timeouts.write, async ({ socket, target }, withinMs) => {
    const isHeld = (): boolean =>
      socketsOf(target).some(({ remotePort, inode }) => remotePort === socket.localPort && inode !== 0);
    await until(isHeld, PATIENCE_MS);
    socket.pause().write(large!.send);
    await until(() => !isHeld(), withinMs);
    socket.resetAndDestroy();
  });
  return checks;
}

/** Of both families: some serve IPv4 by sockets of IPv6. */
function socketsOf({ host }: RunningTarget) {
  return ([4, 6] as const).flatMap((family) => host.sockets!.dump(family));
}

async function until(holds: () => boolean | Promise<boolean>, withinMs: number): Promise<void> {
  for (const end = performance.now() + withinMs; !(await holds()); await delay(10)) {
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms`);
  }
}

/** A server that keeps silent until it is told what to answer, once it has been asked. */
async function backend(address: string) {
  const server = createServer();
  server.listen({ host: address, port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const answers = async (text: string): Promise<void> => {
    const [socket] = (await once(server, 'connection')) as [Socket];
    socket.on('error', () => undefined);
    await once(socket, 'data');
    socket.write(text);
  };
  return { endpoint: { address, port }, answers, close: () => server.close() };
}
