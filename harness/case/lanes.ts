/** Something to run, and about how long it takes, ms. */
export interface Work {
  readonly estimateMs: number;
}

/** A place where work is done one after another: a lab with a server of its own. */
export interface Lane<Item> {
  run(item: Item): Promise<void>;
  /** It can be used no more: another one takes over. */
  readonly broken: boolean;
  close(): Promise<void>;
}

/** What is to be done in lanes of one kind. */
export interface Job<Item extends Work> {
  readonly items: readonly Item[];
  /** The most lanes that it may have at a time. */
  readonly maxLanes: number;
  openLane(): Promise<Lane<Item>>;
  /** A lane could not be opened, and no other is left to do these. */
  onLost(items: readonly Item[], error: unknown): void;
}

/** A lane is worth its start when there is so much left for each that is there already, ms. */
const WORTH_MS = 400;

/**
 * Does all the work of all jobs, in order of jobs, the longest of a job first. Lanes of one job are opened one after
 * another, so that quick servers get many, and those that start slowly get few before the others have done the work.
 */
export async function runInLanes<Item extends Work>(
  jobs: readonly Job<Item>[],
  options: { readonly lanes: number; readonly isAborted: () => boolean },
): Promise<void> {
  const open = jobs.map((job) => new OpenJob(job));
  const worker = async (): Promise<void> => {
    for (const job of open) while (!options.isAborted() && (await job.joinIn(options.isAborted)));
  };
  const workers = Array.from({ length: options.lanes }, worker);
  const ends = await Promise.allSettled(workers);
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

class OpenJob<Item extends Work> {
  readonly #job: Job<Item>;
  readonly #queue: Item[];
  /** Those that work or wait to be opened. */
  #lanes = 0;
  #working = 0;
  #opening: Promise<unknown> = Promise.resolve();

  constructor(job: Job<Item>) {
    this.#job = job;
    this.#queue = [...job.items].sort((a, b) => b.estimateMs - a.estimateMs);
  }

  /** Opens a lane and works in it until nothing is left. @returns false when it needs no lane (more) */
  async joinIn(isAborted: () => boolean): Promise<boolean> {
    if (!this.#needsLane()) return false;
    this.#lanes += 1;
    try {
      const opened = this.#opening.then(() => (this.#needsLane(-1) ? this.#job.openLane() : null));
      this.#opening = opened.catch(() => undefined);
      const lane = await opened;
      if (lane === null) return false;
      this.#working += 1;
      await this.#work(lane, isAborted).finally(() => (this.#working -= 1));
      return lane.broken;
    } catch (error) {
      // The others do what is left; without others it stays undone.
      if (this.#working === 0 && this.#queue.length > 0) this.#job.onLost(this.#queue.splice(0), error);
      return false;
    } finally {
      this.#lanes -= 1;
    }
  }

  async #work(lane: Lane<Item>, isAborted: () => boolean): Promise<void> {
    try {
      for (let item = this.#queue.shift(); item !== undefined; item = this.#queue.shift()) {
        await lane.run(item);
        if (lane.broken || isAborted()) return;
      }
    } finally {
      await lane.close();
    }
  }

  /** @param others to be added to the lanes that are there */
  #needsLane(others = 0): boolean {
    const lanes = this.#lanes + others;
    if (this.#queue.length === 0 || lanes >= this.#job.maxLanes) return false;
    const leftMs = this.#queue.reduce((sum, { estimateMs }) => sum + estimateMs, 0);
    return (
      lanes === 0 || leftMs / lanes > WORTH_MS || this.#queue.some(({ estimateMs }) => estimateMs > WORTH_MS)
    );
  }
}
