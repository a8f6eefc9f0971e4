import { setTimeout as delay } from 'node:timers/promises';
import type { Exchange } from './contract.ts';
import { closedByPeer, exchange } from './exchange.ts';
import { connected, untried } from './learn-tools.ts';
import type { Finding, Trial } from './learn.ts';

/** How often it is tried: what the server has read by the time it closes differs. */
const TIMES = 10;
/** What of the body is sent before the answer, bytes. */
const BODY_BYTES = 1024 * 1024;
/** A server that closes behind its answer has done it by then, ms. */
const CLOSES_MS = 150;
/** A client that has not read the answer yet goes on sending: so many pieces, one each so many ms. */
const MORE = 5;
const MORE_EVERY_MS = 10;
const PIECE_BYTES = 1400;

type Dealt = 'linger' | 'reset' | 'no answer';

/** Whether a RST follows an answer to a request whose body was not read (RFC 9112 section 9.6). */
export async function learnUnreadData(trial: Trial): Promise<Finding[]> {
  const { refusesUpload } = trial.target.traits;
  if (refusesUpload === undefined)
    return untried('unreadData', 'nothing is known that it answers without reading a body');
  const dealt: Dealt[] = [];
  for (let time = 0; time < TIMES; time++) dealt.push(await refused(trial, refusesUpload));
  const times = (what: Dealt): string => `${dealt.filter((each) => each === what).length} of ${TIMES} times`;
  if (dealt.includes('no answer')) {
    const seen = `${times('no answer')} neither an answer nor a RST came`;
    return [{ name: 'unreadData', value: null, seen, tried: true }];
  }
  return [
    {
      name: 'unreadData',
      value: dealt.includes('reset') ? 'reset' : 'linger',
      seen: `a body that is not read: ${times('reset')} a RST`,
      tried: true,
    },
  ];
}

function refused(trial: Trial, request: Exchange): Promise<Dealt> {
  return connected(trial, async (socket) => {
    const answer = exchange(socket, request, trial.waitMs);
    socket.write(Buffer.alloc(BODY_BYTES, 'x'));
    const { ended } = await answer;
    await closedByPeer(socket, CLOSES_MS);
    for (let more = 0; more < MORE && !socket.destroyed; more++) {
      socket.write(Buffer.alloc(PIECE_BYTES, 'x'));
      await delay(MORE_EVERY_MS);
    }
    // An error of reading or writing: ECONNRESET or EPIPE.
    if (socket.errored !== null) return 'reset';
    return ended === 'reply' ? 'linger' : 'no answer';
  });
}
