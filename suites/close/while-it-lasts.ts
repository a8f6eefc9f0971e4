import type { Peer, WireCase } from '#case';

/**
 * Confirms CLOSE_WAIT with the witness's line, where the server stays in it for long enough: its application may close while
 * somebody looks, and that is no fault.
 */
export async function confirmWhileItLasts(
  t: WireCase,
  peer: Peer,
  stimulus: string,
  afterUs = 0,
): Promise<void> {
  try {
    await t.confirm(peer, 'CLOSE_WAIT', stimulus, afterUs);
  } catch (error) {
    if (peer.state() === 'CLOSE_WAIT') throw error;
  }
}
