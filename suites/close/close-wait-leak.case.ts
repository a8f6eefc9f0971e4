import type { Socket } from 'node:net';
import { acceptQueue, defineCase, type WireCase } from '#case';
import { expect } from '#expect';

/** Early closes of each kind without `--scale`, which is for all kinds together. */
const USUAL = 16;
/** No more of them ask for a large answer: some servers make each anew. */
const LARGE = 16;
/** No more at a time, and no more than the accept queue takes. */
const AT_A_TIME = 8;
/** The server has this long to let go: many look once in a few seconds. ms */
const GRACE_MS = 4000;

/** Where a client may leave early: what it does before it closes. */
const KINDS: readonly {
  readonly name: string;
  readonly before: (t: WireCase, client: Socket, index: number) => Promise<void>;
}[] = [
  { name: 'on an idle connection', before: () => Promise.resolve() },
  {
    name: 'in the middle of a request',
    before: async (t, client) => {
      const { send } = t.target.greeting ?? t.target.traits.closesFirst ?? { send: '' };
      await written(client, send.slice(0, Math.ceil(send.length / 2)));
    },
  },
  {
    name: 'in the middle of an answer',
    before: async (t, client, index) => {
      const asked = (index < LARGE ? t.target.traits.large : undefined) ?? t.target.greeting;
      if (asked === null) return;
      await written(client, asked.send);
      await new Promise<void>((resolve) => {
        const deadline = setTimeout(resolve, t.patienceMs);
        const begun = (): void => {
          clearTimeout(deadline);
          resolve();
        };
        client.once('readable', begun).once('close', begun);
      });
    },
  },
];

/** To count takes up to a millisecond. */
const LOOK_EVERY_MS = 8;

export default defineCase(import.meta.url, {
  title: 'Many clients close early: idle, in the middle of a request, in the middle of an answer',
  level: 'robustness',
  refs: [
    {
      rfc: 9293,
      section: '3.3.2',
      quote: 'CLOSE-WAIT - represents waiting for a connection termination request from the local user.',
    },
    { issue: 'haproxy/haproxy#958' },
    { issue: 'haproxy/haproxy#136' },
    { issue: 'jetty/jetty.project#2169' },
    { issue: 'memcached/memcached#446' },
    { issue: 'Kludex/uvicorn#1199' },
    { issue: 'Kludex/uvicorn#1332' },
    { issue: 'mscdex/httpolyglot#10' },
  ],
  eitherFamily: true,
  steps: [
    'Count what the server holds.',
    'Have 16 kernel clients close idle connections, 16 in the middle of a request, 16 in the middle of an answer (--scale N: N in all).',
    'Count again after each kind, until the server has let go, or 4 s.',
  ],
  expected: 'descriptors and sockets in CLOSE_WAIT as before',
  why: 'A server that closes too late, or never, when its client is gone collects sockets in CLOSE_WAIT until it runs out of descriptors. Nobody else ever closes them.',
  lasts: { ms: 400, why: 'dozens of connections' },
  wire: async (t) => {
    const each = Math.ceil((t.options.scale ?? USUAL * KINDS.length) / KINDS.length);
    const peer = await t.connected();
    await t.accepted(peer);
    peer.fin();
    expect(peer).to.pass.through('ESTABLISHED', 'CLOSE_WAIT');
    peer.close();
    t.keptKib = (LARGE * (t.target.traits.large?.bytes ?? 0)) / 1024;
    t.stimulus(`${each} clients that close early, of each kind`);
    const { capacity, listeners } = acceptQueue(t);
    const width = Math.min(AT_A_TIME, Math.floor(capacity / listeners));
    const told: string[] = [];
    for (const { name, before } of KINDS) {
      t.trace.step(`${each} clients close ${name}`);
      const held = holds(t);
      await inTurns(each, width, async (index) => {
        const client = await t.kernelClient();
        if (client === null)
          return t.fail('application', `the server accepted no more connections: clients closed ${name}`);
        await before(t, client, index);
        client.destroy();
      });
      const more = await letGo(t, held);
      if (more !== '') t.fault('leaks', `after ${each} clients closed ${name} the server holds ${more}`);
      await t.othersServed(`after ${each} clients closed ${name}`);
      told.push(`${each} ${name}${more === '' ? '' : `: ${more}`}`);
    }
    t.conclude(`closed early: ${told.join('; ')}`);
  },
  loopbackLacks: "on loopback the clients' own sockets are counted with those of the server",
});

function written(client: Socket, bytes: string | Uint8Array): Promise<void> {
  if (bytes.length === 0) return Promise.resolve();
  return new Promise((resolve) => {
    client.write(bytes, () => resolve());
    client.once('close', () => resolve());
  });
}

async function inTurns(count: number, width: number, work: (index: number) => Promise<void>): Promise<void> {
  let begun = 0;
  const worker = async (): Promise<void> => {
    while (begun < count) {
      begun += 1;
      await work(begun - 1);
    }
  };
  await Promise.all(Array.from({ length: Math.min(count, width) }, worker));
}

interface Held {
  readonly fds: number;
  readonly closeWait: number;
}

function holds(t: WireCase): Held {
  const { fds, sockets } = t.target.counts();
  return { fds: fds ?? 0, closeWait: sockets?.CLOSE_WAIT ?? 0 };
}

/** Waits until the server holds no more than before. @returns what it holds more, in words; empty: nothing */
async function letGo(t: WireCase, before: Held): Promise<string> {
  const deadlineUs = t.trace.now() + GRACE_MS * 1000;
  for (;;) {
    const { fds, closeWait } = holds(t);
    const more = [
      ...(fds > before.fds ? [`${fds - before.fds} more descriptors`] : []),
      ...(closeWait > before.closeWait ? [`${closeWait - before.closeWait} more sockets in CLOSE_WAIT`] : []),
    ];
    if (more.length === 0 || t.trace.now() > deadlineUs) return more.join(' and ');
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
