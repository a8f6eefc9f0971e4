import { defineCase, type WireCase } from '#case';
import { crowd, widthFor } from './crowd.ts';
import { LightPeer } from './light-peer.ts';

/** Connections without `--scale`. */
const USUAL = 200;
/** Descriptors that a server may need besides one for each connection. */
const SPARE_FDS = 256;
/** What a runtime needs for a connection, and may not have collected when it is gone. KiB */
const CONNECTION_KIB = 16;
/** After a FIN a server has closed within this, or its connection is reset. ms */
const CLOSES_MS = 2000;

export default defineCase(import.meta.url, {
  title: 'Hundreds of idle connections at a time',
  level: 'robustness',
  refs: [{ issue: 'memcached/memcached#446' }, { issue: 'haproxy/haproxy#958' }],
  eitherFamily: true,
  steps: [
    'Raise the limit on descriptors of the server, where it is too low.',
    'Make 200 connections (--scale N: N), each of which is greeted once and then idle.',
    'Another client is served.',
    'Ask each once more: it is answered, or has been closed by the server.',
    'Close all of them.',
  ],
  expected:
    'each connection is served until one side closes it; others are served; descriptors and memory are as before',
  why: 'Idle connections are what most of the clients of most servers are. They should cost little, keep nobody else from being served, and leave nothing behind.',
  lasts: { ms: 500, why: 'hundreds of connections, one after another' },
  wire: async (t) => {
    const count = t.options.scale ?? USUAL;
    const raised = t.target.process?.raiseFds(count + SPARE_FDS);
    t.cleanup(() => raised?.restore());
    const startUs = t.trace.now();
    const { peers, refusal } = await open(t, count);
    const tookMs = (t.trace.now() - startUs) / 1000;
    const held = peers.filter(({ end }) => end === null).length;
    const opened = `${peers.length} connections in ${tookMs.toFixed(0)} ms, ${held} open at a time`;
    t.keptKib = peers.length * CONNECTION_KIB;
    t.stimulus(`${peers.length} connections, greeted once and idle`);
    t.trace.step(opened);
    const short = raised?.short[0];
    if (refusal !== '' && short !== undefined)
      t.inconclusive(
        `the server ${refusal} at ${peers.length} of ${count} connections: its process ${short.pid} may open ${short.limit} descriptors (RLIMIT_NOFILE), and we may not raise that; raise the hard limit (ulimit -Hn), or give a smaller --scale`,
      );
    await t.othersServed(`while ${held} connections are idle`);
    const silent = await askAgain(t, peers);
    const closed = peers.filter(({ end }) => end !== null).length;
    await close(peers);
    t.conclude(
      `${opened}; asked again, ${peers.length - closed} answered, and ${closed} had been closed by the server`,
    );
    if (silent) t.fault('application', 'the server neither answers nor closes a connection that was idle');
    if (refusal !== '')
      t.fault('application', `the server ${refusal} at ${peers.length} of ${count} connections`);
  },
});

/** Opens and greets connections until there are enough, or one is refused. */
async function open(t: WireCase, count: number): Promise<{ peers: LightPeer[]; refusal: string }> {
  const peers: LightPeer[] = [];
  let refusal = '';
  await crowd(count, widthFor(t), async () => {
    const peer = new LightPeer(t);
    t.cleanup(() => peer.reset());
    const isOpen = await peer.open(t.patienceMs);
    const answer = isOpen ? await ask(t, peer) : 'closed';
    if (answer === 'served') peers.push(peer);
    else if (answer === 'silent') refusal ||= 'does not answer the next';
    else refusal ||= isOpen ? 'closes the next unanswered' : 'does not accept the next';
    return refusal === '';
  });
  return { peers, refusal };
}

/** @returns whether one was met that is neither answered nor closed */
async function askAgain(t: WireCase, peers: readonly LightPeer[]): Promise<boolean> {
  let silent = false;
  await crowd(peers.length, widthFor(t), async (index) => {
    const peer = peers[index]!;
    silent ||= peer.end === null && (await ask(t, peer)) === 'silent';
    return !silent;
  });
  return silent;
}

/** Closes all in order; what the server does not close in turn is reset when the case ends. */
async function close(peers: readonly LightPeer[]): Promise<void> {
  for (const peer of peers) peer.fin();
  const untilMs = performance.now() + CLOSES_MS;
  for (const peer of peers) {
    const leftMs = untilMs - performance.now();
    if (leftMs <= 0) return;
    await peer.until(() => peer.end !== null, leftMs);
  }
}

/** One exchange on a connection. */
async function ask(t: WireCase, peer: LightPeer): Promise<'served' | 'closed' | 'silent'> {
  const { greeting } = t.target;
  if (greeting === null || (greeting.send.length === 0 && peer.text !== '')) return 'served';
  if (greeting.send.length > 0) await peer.request(greeting.send, t.patienceMs);
  const isAnswered = (): boolean => greeting.reply.test(peer.text);
  await peer.until(() => isAnswered() || peer.end !== null, t.patienceMs);
  if (isAnswered()) return 'served';
  return peer.end === null ? 'silent' : 'closed';
}
