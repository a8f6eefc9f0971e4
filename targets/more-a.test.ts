import { spawnSync } from 'node:child_process';
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
  type RunningTarget,
  type TargetProgram,
} from '#target';
import { caddy } from './caddy/index.ts';
import { echo } from './echo/index.ts';
import { haproxy } from './haproxy/index.ts';
import { httpd } from './httpd/index.ts';
import { lighttpd } from './lighttpd/index.ts';
import { http } from './http/index.ts';
import { nginx } from './nginx/index.ts';
import { redis } from './redis/index.ts';
import { squid } from './squid/index.ts';
import { varnish } from './varnish/index.ts';

const targets: readonly TargetProgram[] = [
  echo,
  http,
  nginx,
  redis,
  httpd,
  haproxy,
  lighttpd,
  caddy,
  varnish,
  squid,
];

const PATIENCE_MS = 5000;
/** What acts by a timer of its own looks at it once a second, some of them, and may be busy. */
const LATE_MS = 2500;
/** Some count in whole seconds, from the start of the one they are in. */
const EARLY_MS = 1000;

for (const definition of targets) {
  const { name, traits, install } = definition;
  const missing = definition.find() === null ? ` (not installed: ${install})` : '';

  describe(`traits of ${name}${missing}`, () => {
    before(function () {
      if (missing !== '') this.skip();
    });

    const forEachFamily = (work: (socket: Socket, target: RunningTarget) => Promise<void>) => () =>
      tryTarget(definition, 'loopback', async (target) => {
        for (const family of target.families) {
          const socket = (await connectWithin(target.host, target.endpoint(family)))!;
          await work(socket, target);
          await hangUp(socket);
        }
      });

    const { large, slow, upload, refusesUpload, effect, relay, timeouts = {}, backlog } = traits;

    if (large !== undefined) {
      it(
        'gives a large answer',
        forEachFamily(async (socket) => {
          expect(large.bytes).to.be.at.least(1024 * 1024);
          const { ended, received } = await exchange(socket, large, PATIENCE_MS);
          expect(ended).to.equal('reply');
          expect(received.length).to.be.within(large.bytes, large.bytes * 1.1);
        }),
      );
    }

    if (slow !== undefined) {
      it(
        'gives a slow answer, of which nothing comes before',
        forEachFamily(async (socket) => {
          const start = performance.now();
          const early = await exchange(socket, { ...slow, reply: /[^]/ }, slow.afterMs - 20);
          expect(early).to.include({ received: '', ended: 'deadline' });
          const { ended } = await exchange(socket, { send: '', reply: slow.reply }, PATIENCE_MS);
          expect(ended).to.equal('reply');
          expect(performance.now() - start).to.be.within(slow.afterMs - 20, slow.afterMs + LATE_MS);
        }),
      );
    }

    if (upload !== undefined) {
      it(
        'answers a large request when it has all of it',
        forEachFamily(async (socket) => {
          const { send, reply } = upload(1024 * 1024);
          const tail = send.length - 100;
          expect(await exchange(socket, { send: send.slice(0, tail), reply: /[^]/ }, 200)).to.include({
            received: '',
            ended: 'deadline',
          });
          const { ended, received } = await exchange(socket, { send: send.slice(tail), reply }, PATIENCE_MS);
          expect(ended).to.equal('reply');
          expect(received).to.match(/^HTTP\/1\.1 20|^[^H]/);
        }),
      );
    }

    if (refusesUpload !== undefined) {
      it(
        'answers before the body has come',
        forEachFamily(async (socket) => {
          expect(await exchange(socket, refusesUpload, PATIENCE_MS)).to.include({ ended: 'reply' });
        }),
      );
    }

    if (effect !== undefined) {
      it(
        'does what it is told, once, and counts it',
        forEachFamily(async (socket, target) => {
          const count = async (): Promise<number> => {
            const asking = (await connectWithin(target.host, target.endpoint(target.families[0]!)))!;
            const { received } = await exchange(asking, effect.count, PATIENCE_MS);
            await hangUp(asking);
            return effect.read(received);
          };
          const before = await count();
          expect(before).to.be.at.least(0);
          socket.write(effect.send);
          for (const end = performance.now() + PATIENCE_MS; (await count()) === before; await delay(10)) {
            if (performance.now() > end) throw new Error(`still ${before}`);
          }
          expect(await count()).to.equal(before + 1);
        }),
      );
    }

    if (relay !== undefined) {
      it('passes on what a server that it dials answers', async () => {
        const servers = { 4: await backend('127.0.0.1'), 6: await backend('::1') } as const;
        const dialTo = { 4: servers[4].endpoint, 6: servers[6].endpoint };
        const work = async (target: RunningTarget): Promise<void> => {
          for (const family of target.families) {
            const socket = (await connectWithin(target.host, target.endpoint(family, relay.port)))!;
            const answer = exchange(
              socket,
              { send: relay.send(dialTo[family]), reply: relay.reply },
              PATIENCE_MS,
            );
            await servers[family].answers(relay.backend);
            expect(await answer).to.include({ ended: 'reply' });
            await hangUp(socket);
          }
        };
        try {
          await tryTarget(definition, 'loopback', work, { dialTo });
        } finally {
          for (const family of [4, 6] as const) servers[family].close();
        }
      });
    }

    /** From when on, and how it is seen that the server has given up. */
    const inTime = (ms: number, since: number): void => {
      expect(performance.now() - since).to.be.within(ms - EARLY_MS, ms + LATE_MS);
    };
    const { idle, head, body, write } = timeouts;
    const greeting = String(definition.greeting?.send);

    if (idle !== undefined) {
      it(
        `closes an idle connection after ${idle} ms`,
        forEachFamily(async (socket, target) => {
          await exchange(socket, target.greeting!, PATIENCE_MS);
          const since = performance.now();
          expect(await closedByPeer(socket, idle + LATE_MS)).to.equal(true);
          inTime(idle, since);
        }),
      );
    }
    for (const [what, ms, start] of [
      ['head', head, greeting.slice(0, greeting.length / 2)],
      ['body', body, upload?.(100).send.slice(0, -50) ?? ''],
    ] as const) {
      if (ms === undefined) continue;
      it(
        `gives up half a ${what} after ${ms} ms`,
        forEachFamily(async (socket) => {
          const since = performance.now();
          const { ended } = await exchange(socket, { send: start, reply: /[^]/ }, ms + LATE_MS);
          expect(ended).not.to.equal('deadline');
          inTime(ms, since);
        }),
      );
    }
    if (write !== undefined) {
      it(
        `gives up a client that does not read after ${write} ms`,
        forEachFamily(async (socket, target) => {
          await delay(50);
          const before = target.counts().sockets!;
          expect(before.ESTABLISHED).to.equal(1);
          socket.pause().write(large!.send);
          const since = performance.now();
          while (target.counts().sockets!.ESTABLISHED > 0) {
            if (performance.now() - since > write + LATE_MS) throw new Error('it is still connected');
            await delay(10);
          }
          inTime(write, since);
          socket.resetAndDestroy();
        }),
      );
    }

    if (backlog !== undefined) {
      it(`listens with a backlog of ${backlog}`, async () => {
        await tryTarget(definition, 'loopback', async (target) => {
          const { port } = target.endpoint(target.families[0]!);
          const { stdout } = spawnSync('ss', ['-Hltn', `sport = :${port}`], { encoding: 'utf8' });
          const lines = stdout.trim().split('\n');
          expect(lines.length).to.equal(target.families.length);
          for (const line of lines) expect(Number(line.split(/\s+/)[2])).to.equal(backlog);
        });
      });
    }
  });
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
