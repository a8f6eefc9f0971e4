import type { WireCase } from '#case';
import { aside } from './crowd.ts';
import { LightPeer } from './light-peer.ts';
import { watchMs } from './letting-go.ts';
import { Stillness } from './stillness.ts';

/** How many drip at a time. */
const DRIPPERS = 10;
/** From byte to byte; a request too short for that is spread over the time, so that no dripper falls silent. ms */
const EVERY_MS = 200;
const LOOK_EVERY_MS = 20;

export interface Drip {
  /** Sent at once. */
  readonly start: string;
  /** Sent byte by byte, and never to its end. */
  readonly rest: string;
}

export interface Dripped {
  /** Until the server had ended or answered each of them; null: one was still open when the time was over. */
  readonly tookMs: number | null;
  readonly waitedMs: number;
  /** How they ended, in words. */
  readonly how: string;
}

/** Several clients send a byte now and then, and never all; another one is served meanwhile. */
export async function drip(
  t: WireCase,
  { start, rest }: Drip,
  boundMs: number | undefined,
): Promise<Dripped> {
  const untilMs = watchMs(t, boundMs, 0);
  // One byte is always kept back.
  const everyMs = Math.max(EVERY_MS, untilMs / Math.max(1, rest.length - 1));
  const peers = Array.from({ length: DRIPPERS }, () => new LightPeer(t));
  for (const peer of peers) t.cleanup(() => peer.reset());
  for (const peer of peers) {
    if (!(await peer.open(t.patienceMs))) t.fail('application', 'the server does not accept a connection');
    await peer.request(start, t.patienceMs);
  }
  const text = `${DRIPPERS} clients send a byte each ${everyMs.toFixed(0)} ms`;
  t.trace.step(text);
  t.stimulus(`${text}, never a whole request`);
  const startUs = t.trace.now();
  const still = new Stillness(t);
  const passedMs = (): number => (t.trace.now() - startUs) / 1000;
  const ended = new Map<LightPeer, number>();
  let sent = 0;
  const others = aside(t.othersServed(`while ${DRIPPERS} clients drip`));
  // Where we are kept waiting it takes longer than there are bytes for; who is silent then does not drip.
  const drips = (): boolean => sent < rest.length - 1 || passedMs() < (sent + 1) * everyMs;
  while (passedMs() - still.ms < untilMs && ended.size < peers.length && drips()) {
    if (passedMs() >= sent * everyMs && sent < rest.length - 1) {
      const byte = rest.charAt(sent++);
      for (const peer of peers) if (!ended.has(peer)) peer.push(byte);
    }
    const look = peers.find((peer) => !ended.has(peer))!.until(() => false, LOOK_EVERY_MS);
    await still.during(LOOK_EVERY_MS, look);
    for (const peer of peers) if (!ended.has(peer) && isEnded(peer)) ended.set(peer, passedMs());
  }
  const waitedMs = passedMs();
  await others;
  const lastMs = ended.size === peers.length ? Math.max(...ended.values()) : null;
  const tookMs = still.lessThis(lastMs, boundMs);
  return {
    tookMs,
    waitedMs,
    how: `${ended.size} of ${DRIPPERS}${howEnded([...ended.keys()])}${String(still)}`,
  };
}

function isEnded({ end, text }: LightPeer): boolean {
  return end !== null || TIMED_OUT.test(text);
}

/** HTTP's answer to a request that does not come (RFC 9110 section 15.5.9). */
const TIMED_OUT = /^HTTP\/1\.[01] 408 /;

function howEnded(peers: readonly LightPeer[]): string {
  const ways = new Set(
    peers.map(({ end, text }) => `${TIMED_OUT.test(text) ? '408 ' : ''}${end ?? ''}`.trim()),
  );
  return ways.size === 0 ? '' : ` (${[...ways].join(', ')})`;
}
