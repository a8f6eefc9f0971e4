import { setTimeout as delay } from 'node:timers/promises';
import { exchange } from './exchange.ts';
import { connected, timeFinding, untried, withMargin } from './learn-tools.ts';
import type { Finding, Trial } from './learn.ts';

/** The body that drips, bytes. */
const BODY_BYTES = 1000;
/** From byte to byte at the least, ms. */
const DRIP_MS = 200;
/** A bound that is kept is late by no more than this, ms. */
const LATE_MS = 1000;

/** Bytes sent at once, and those that drip. */
interface Parts {
  readonly start: string;
  readonly rest: string;
}

/** When it gives up the head of a request that drips. */
export async function learnHead(trial: Trial): Promise<Finding[]> {
  const rest = asText(trial.target.greeting?.send ?? '');
  if (rest.length < 2) return untried('headMs', 'nothing is known that a client sends first');
  const what = 'the head of a request that drips is given up';
  return [await learnDrip(trial, { start: '', rest }, 'headMs', what)];
}

/** When it gives up a body that drips. */
export async function learnBody(trial: Trial): Promise<Finding[]> {
  const { upload } = trial.target.traits;
  if (upload === undefined)
    return untried('bodyMs', 'nothing is known that takes a body (--path upload=PATH)');
  const request = asText(upload(BODY_BYTES).send);
  const head = request.length - BODY_BYTES;
  const parts = { start: request.slice(0, head), rest: request.slice(head) };
  return [await learnDrip(trial, parts, 'bodyMs', 'a body that drips is given up')];
}

async function learnDrip(trial: Trial, parts: Parts, name: string, what: string): Promise<Finding> {
  const { waitMs } = trial;
  const tookMs = await dripped(trial, parts, waitMs);
  const found = timeFinding(name, tookMs, waitMs, what);
  if (tookMs === null) return found;
  // A short request drips slowly, and a time-out from byte to byte ends it, too. A deadline ends one that drips faster.
  const againMs = withMargin(tookMs) + LATE_MS;
  const [pauseMs, shorterMs] = [everyMs(parts, waitMs), everyMs(parts, againMs)];
  if (shorterMs >= pauseMs || (await dripped(trial, parts, againMs)) !== null) return found;
  const seen = `${what} by a pause of ${pauseMs} ms alone: with ${shorterMs} ms from byte to byte not within ${againMs / 1000} s`;
  return { ...timeFinding(name, null, againMs, what), seen };
}

/** From byte to byte, so that it does not fall silent before then, ms. */
function everyMs({ rest }: Parts, withinMs: number): number {
  return Math.max(DRIP_MS, Math.round(withinMs / Math.max(1, rest.length - 1)));
}

/** Sends a byte now and then, never the last one. @returns how long until it was closed or answered 408, ms; null: it was not */
function dripped(trial: Trial, parts: Parts, withinMs: number): Promise<number | null> {
  return connected(trial, async (socket) => {
    const startedAt = performance.now();
    // RFC 9110 section 15.5.9: that it waits no longer.
    const answer = exchange(socket, { send: parts.start, reply: /^HTTP\/1\.[01] 408 / }, withinMs);
    const tookMs = answer.then(({ ended }) => (ended === 'deadline' ? null : performance.now() - startedAt));
    const over = answer.then(() => true);
    const pauseMs = everyMs(parts, withinMs);
    for (const byte of parts.rest.slice(0, -1)) {
      socket.write(byte, 'latin1');
      if (await Promise.race([over, delay(pauseMs, false)])) break;
    }
    return tookMs;
  });
}

function asText(bytes: string | Uint8Array): string {
  return typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('latin1');
}
