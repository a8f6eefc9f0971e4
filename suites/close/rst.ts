import { Trace, type Peer, type WireCase } from '#case';
import { expect } from '#expect';

/** How often it is done: what is wrong in one of two ways at random shows. */
const TIMES = 5;
/** No server gives up a new connection sooner, ms. */
const SILENT_MS = 900;

/** Resets several connections at the same point, the first of them in the timeline; others are served meanwhile and after. */
export async function resetAt(
  t: WireCase,
  where: string,
  reach: (peer: Peer) => Promise<void>,
): Promise<void> {
  t.stimulus(`RST ${where}`);
  for (let time = 0; time < TIMES; time++) {
    const peer = await t.connected(time === 0 ? {} : { trace: new Trace() });
    await reach(peer);
    if (time === 0) {
      await t.confirm(peer, 'ESTABLISHED', `a client that is about to reset ${where}`, 0);
      await t.othersServed(`while a client is ${where}`);
    }
    const bystander = await t.connected({ trace: new Trace() });
    const sinceUs = t.trace.now();
    await t.accepted(bystander);
    peer.rst();
    expect(peer).to.be.in.state('CLOSED');
    await t.othersServed(`after a RST ${where}`);
    const state = bystander.state();
    // One that has been silent for long may have met a time-out of its own.
    if (state !== 'ESTABLISHED' && t.trace.now() - sinceUs < SILENT_MS * 1000)
      t.fault('application', `another connection ended, too, after a RST ${where}: it is in ${state}`);
    bystander.close();
  }
  t.conclude(`${TIMES} connections reset ${where}; the server lives and serves others`);
}
