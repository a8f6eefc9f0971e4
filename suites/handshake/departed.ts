import { acceptQueue, type Peer, type WireCase } from '#case';
import { ask, connectAndAsk, goOn, quietPeer, unanswered } from './accept-queue.ts';

/** How a client leaves before it is accepted. */
export interface Departure {
  /** It has sent a whole request before. */
  readonly asks: boolean;
  readonly leave: (peer: Peer) => void;
}

/** How many clients leave, where the queue has room for them. */
const LEAVING = 8;
/** How many stay, one of them before all others and one after them. */
const STAYING = 3;

/**
 * Clients leave while nobody accepts, others stay: once the server goes on, those are served.
 * @param whileQueued looks at what there is before the server goes on: the first of the `gone` clients that left, the one in the timeline
 */
export async function acceptGoesOn(
  t: WireCase,
  departures: readonly Departure[],
  whileQueued: (first: Peer, gone: number) => Promise<void>,
): Promise<void> {
  const { capacity } = acceptQueue(t);
  const leaving = Math.max(1, Math.min(LEAVING, capacity - STAYING));
  await t.pauseServer();
  const staying: Peer[] = [];
  const stay = async (): Promise<void> => {
    if (leaving + staying.length >= capacity) return;
    const peer = quietPeer(t);
    await connectAndAsk(t, peer);
    staying.push(peer);
  };
  await stay();
  const first = t.peer();
  for (let count = 0; count < leaving; count++) {
    const peer = count === 0 ? first : quietPeer(t);
    const { asks, leave } = departures[count % departures.length]!;
    await peer.connect();
    if (asks) ask(t, peer);
    leave(peer);
    if (count === leaving >> 1) await stay();
  }
  await stay();
  await whileQueued(first, leaving);
  t.stimulus(`${leaving} clients leave before they are accepted, ${staying.length} stay`);
  await goOn(t);
  const lost = await unanswered(t, staying, t.patienceMs);
  if (lost.length > 0) {
    const text = `${lost.length} of ${staying.length} clients that stayed are not served after ${leaving} others left before they were accepted`;
    t.fault('application', text);
  }
  await t.othersServed(`after ${leaving} clients left before they were accepted`);
  t.conclude(`${leaving} left, and ${staying.length - lost.length} of ${staying.length} others are served`);
}
