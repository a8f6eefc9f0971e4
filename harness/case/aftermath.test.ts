import { expect } from 'chai';
import type { Counts, RunningTarget } from '#target';
import { STATES, type State } from '#tcp';
import { countAtRest, findLeaks } from './aftermath.ts';

function counts(
  fds: number | null,
  sockets: Partial<Record<State, number>> = {},
  processes: number | null = 1,
): Counts {
  const none = Object.fromEntries(STATES.map((state) => [state, 0])) as Record<State, number>;
  return { fds, processes, memoryKib: null, sockets: { ...none, ...sockets } };
}

/** A target that holds these, one after another, and the last for ever. */
function holding(...list: Counts[]): RunningTarget {
  return { counts: () => (list.length > 1 ? list.shift()! : list[0]!) } as RunningTarget;
}

describe('aftermath', () => {
  it('waits until the server has let go', async () => {
    const target = holding(counts(12, { CLOSE_WAIT: 1 }), counts(11), counts(10));
    expect(await findLeaks(target, counts(10))).to.deep.equal([]);
  });

  it('names what stays', async () => {
    const target = holding(counts(12, { CLOSE_WAIT: 2, LISTEN: 2, TIME_WAIT: 9 }, 3));
    expect(await findLeaks(target, counts(10, { LISTEN: 1 }), 20)).to.deep.equal([
      '2 more file descriptors (12, before 10)',
      '2 more processes (3, before 1)',
      '2 more sockets in CLOSE_WAIT (2, before 0)',
    ]);
  });

  it('does not count less as more', async () => {
    expect(await findLeaks(holding(counts(8)), counts(10, { ESTABLISHED: 2 }))).to.deep.equal([]);
  });

  it('takes for a leak only memory beyond what a sound server may keep', async () => {
    const [before, now] = [10 * 1024, 110 * 1024].map((memoryKib) => ({ ...counts(10), memoryKib }));
    expect(await findLeaks(holding(now!), before!, 20)).to.deep.equal([
      '100 MiB more memory (before 10 MiB)',
    ]);
    expect(await findLeaks(holding(now!), before!, 20, 40 * 1024)).to.deep.equal([]);
  });

  it('says when nothing can be counted', async () => {
    const nothing: Counts = { fds: null, processes: null, memoryKib: null, sockets: null };
    expect(await findLeaks(holding(nothing), nothing)).to.equal(null);
  });

  it('counts at rest, when the greeting is gone', async () => {
    const target = holding(
      counts(11, { ESTABLISHED: 1 }),
      counts(11, { LAST_ACK: 1 }),
      counts(10, { TIME_WAIT: 1 }),
    );
    expect((await countAtRest(target)).fds).to.equal(10);
  });

  it('does not wait for connections of our own', async () => {
    const fillers = { ESTABLISHED: 1, SYN_SENT: 1 };
    const looks = [counts(11, { ...fillers, CLOSE_WAIT: 1 }), counts(10, fillers)];
    const began = performance.now();
    expect((await countAtRest(holding(...looks), 2)).fds).to.equal(10);
    expect(performance.now() - began).to.be.below(1000);
  });
});
