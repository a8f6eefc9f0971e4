import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { runInLanes, type Job, type Lane } from './lanes.ts';

interface Item {
  readonly name: string;
  readonly estimateMs: number;
}

const items = (count: number, estimateMs = 1000): Item[] =>
  Array.from({ length: count }, (_, index) => ({ name: `item ${index}`, estimateMs }));

/** A job that notes what it is asked to do. */
class Noted implements Job<Item> {
  readonly done: string[] = [];
  readonly lost: string[] = [];
  readonly items: readonly Item[];
  readonly maxLanes: number;
  opened = 0;
  most = 0;
  #open = 0;
  readonly #opening: (count: number) => void;
  readonly #breaksAfter: number;

  constructor(
    list: readonly Item[],
    { maxLanes = 4, opening = () => undefined, breaksAfter = Infinity }: Partial<NotedOptions> = {},
  ) {
    this.items = list;
    this.maxLanes = maxLanes;
    this.#opening = opening;
    this.#breaksAfter = breaksAfter;
  }

  async openLane(): Promise<Lane<Item>> {
    await delay(1);
    this.#opening(++this.opened);
    this.most = Math.max(this.most, ++this.#open);
    let runs = 0;
    const breaksAfter = this.#breaksAfter;
    return {
      run: async ({ name }) => {
        runs += 1;
        await delay(2);
        this.done.push(name);
      },
      get broken() {
        return runs >= breaksAfter;
      },
      close: async () => {
        await delay(1);
        this.#open -= 1;
      },
    };
  }

  onLost(list: readonly Item[]): void {
    this.lost.push(...list.map(({ name }) => name));
  }
}

interface NotedOptions {
  readonly maxLanes: number;
  readonly opening: (count: number) => void;
  readonly breaksAfter: number;
}

const options = { lanes: 8, isAborted: () => false };

describe('lanes', () => {
  it('does everything once, in no more lanes than there may be', async () => {
    const job = new Noted(items(20), { maxLanes: 3 });
    await runInLanes([job], options);
    expect(job.done).to.have.members(job.items.map(({ name }) => name));
    expect(job.done).to.have.length(20);
    expect(job.most).to.equal(3);
  });

  it('begins with the longest', async () => {
    const job = new Noted([...items(3, 10), { name: 'long', estimateMs: 5000 }], { maxLanes: 1 });
    await runInLanes([job], options);
    expect(job.done[0]).to.equal('long');
  });

  it('opens no second lane for what takes moments', async () => {
    const job = new Noted(items(5, 10));
    await runInLanes([job], options);
    expect(job.opened).to.equal(1);
  });

  it('leaves the work to the lanes that are there when another cannot be opened', async () => {
    const refuse = (count: number): void => {
      if (count > 1) throw new Error('no more labs');
    };
    const job = new Noted(items(8), { opening: refuse });
    await runInLanes([job], options);
    expect(job.done).to.have.length(8);
    expect(job.lost).to.deep.equal([]);
  });

  it('gives up a job of which no lane can be opened, once, and does the next', async () => {
    const never = new Noted(items(6), {
      opening: () => {
        throw new Error('does not start');
      },
    });
    const other = new Noted(items(3));
    await runInLanes([never, other], options);
    expect(never.lost).to.have.length(6);
    expect(never.opened).to.equal(1);
    expect(other.done).to.have.length(3);
  });

  it('replaces a lane that breaks', async () => {
    const job = new Noted(items(6), { maxLanes: 1, breaksAfter: 2 });
    await runInLanes([job], options);
    expect(job.done).to.have.length(6);
    expect(job.opened).to.equal(3);
  });

  it('fails with what a job throws when it loses its work, after the others have ended', async () => {
    const job = new Noted(items(2), {
      opening: () => {
        throw new Error('does not start');
      },
    });
    job.onLost = (_, error?: unknown) => {
      throw error;
    };
    const other = new Noted(items(2));
    const error: unknown = await runInLanes([job, other], options).catch((thrown: unknown) => thrown);
    expect(String(error)).to.include('does not start');
    expect(other.done).to.have.length(2);
  });

  it('begins nothing more once it is aborted', async () => {
    let aborted = false;
    const job = new Noted(items(20), { maxLanes: 2, opening: () => (aborted = true) });
    await runInLanes([job], { lanes: 2, isAborted: () => aborted });
    expect(job.done.length).to.be.below(3);
  });
});
