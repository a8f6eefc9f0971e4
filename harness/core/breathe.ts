import { setImmediate as nextTurn } from 'node:timers/promises';
import { nowUs } from './clock.ts';

/** Nobody else waits longer for the thread than this, µs. */
const TURN_US = 5000;

let turnedUs = 0;

/**
 * In a loop of thousands: lets timers and packets of everybody else have their turn, when the last was 5 ms ago. To wait for
 * what is there already does not: the event loop stands still until a promise is not resolved yet.
 */
export async function breathe(): Promise<void> {
  if (nowUs() - turnedUs < TURN_US) return;
  await nextTurn();
  turnedUs = nowUs();
}
