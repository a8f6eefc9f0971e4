import { CloseWaitError } from '#core';
import {
  ACK,
  FIN,
  formatSegment,
  parseFlags,
  PSH,
  RST,
  seqDiff,
  type Packet,
  type Seq,
  type State,
} from '#tcp';

/** A packet as the peer received it. */
export interface Received extends Packet {
  /** Nothing in it is new: the same sequence numbers came before. */
  readonly retransmission: boolean;
  /** The state of the server's socket right after it was read; of a peer without a timeline: when this is read. */
  readonly state: State;
  /** When it was read from the link, on the clock of nowUs. */
  readonly atUs: number;
}

/** What a segment must look like; a field left out means "do not care". Retransmissions match only where asked for. */
export interface Pattern {
  /** Exactly these letters, PSH aside: `SA`, `FA`. */
  readonly flags?: string;
  /** At least these letters. */
  readonly has?: string;
  readonly seq?: Seq;
  readonly ack?: Seq;
  /** At least so much is acknowledged. */
  readonly acksAtLeast?: Seq;
  readonly window?: number;
  /** Payload bytes. */
  readonly length?: number;
  readonly retransmission?: boolean;
}

interface Waiter {
  readonly pattern: Pattern;
  readonly found: (segment: Received) => void;
}

/** The segments that arrived and were not taken yet, and the one who waits for the next. */
export class Mailbox {
  #segments: Received[] = [];
  #waiter: Waiter | undefined;
  #watchers: (() => void)[] = [];

  put(segment: Received): void {
    for (const watcher of this.#watchers.splice(0)) watcher();
    if (this.#waiter !== undefined && matches(segment, this.#waiter.pattern)) {
      const { found } = this.#waiter;
      this.#waiter = undefined;
      this.#segments = [];
      found(segment);
    } else {
      this.#segments.push(segment);
    }
  }

  /** The first that matches, now or within the time; it and all before it are gone then. @throws CW_UNMET */
  async take(pattern: Pattern, withinMs: number): Promise<Received> {
    const index = this.#segments.findIndex((segment) => matches(segment, pattern));
    if (index >= 0) return this.#segments.splice(0, index + 1).at(-1)!;
    const segment = await this.#wait(pattern, withinMs);
    if (segment !== null) return segment;
    throw new CloseWaitError(
      'CW_UNMET',
      `no segment ${describe(pattern)} within ${withinMs.toFixed(0)} ms; ${this.#arrived()}`,
    );
  }

  /** The next segment of any kind but a retransmission; null when none comes within the time. */
  async next(withinMs: number): Promise<Received | null> {
    const index = this.#segments.findIndex((segment) => matches(segment, {}));
    return index >= 0 ? this.#segments.splice(0, index + 1).at(-1)! : this.#wait({}, withinMs);
  }

  /** Whether plain data waits to be taken next. */
  get hasData(): boolean {
    const next = this.#segments.find((segment) => !segment.retransmission);
    return next !== undefined && next.payload.length > 0 && (next.flags & (FIN | RST)) === 0;
  }

  /** @throws CW_UNMET when one that matches is there or comes within the time */
  async none(pattern: Pattern, forMs: number): Promise<void> {
    const wanted = { retransmission: false, ...pattern };
    const early = this.#segments.find((segment) => matches(segment, wanted));
    const found = early ?? (forMs > 0 ? await this.#wait(wanted, forMs) : null);
    if (found !== null) {
      throw new CloseWaitError('CW_UNMET', `a segment ${describe(pattern)} arrived: ${formatSegment(found)}`);
    }
  }

  /** Resolves at the next arrival, and after `ms` at the latest. It takes nothing. */
  changed(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const deadline = setTimeout(resolve, ms);
      this.#watchers.push(() => {
        clearTimeout(deadline);
        resolve();
      });
    });
  }

  #wait(pattern: Pattern, withinMs: number): Promise<Received | null> {
    return new Promise((resolve) => {
      const deadline = setTimeout(() => {
        this.#waiter = undefined;
        resolve(null);
      }, withinMs);
      this.#waiter = {
        pattern,
        found: (segment) => {
          clearTimeout(deadline);
          resolve(segment);
        },
      };
    });
  }

  #arrived(): string {
    if (this.#segments.length === 0) return 'nothing arrived';
    return `these arrived: ${this.#segments
      .slice(-5)
      .map((segment) => formatSegment(segment))
      .join('; ')}`;
  }
}

export function matches(segment: Received, pattern: Pattern): boolean {
  const { flags, has } = pattern;
  if (segment.retransmission && pattern.retransmission !== true) return false;
  if (!segment.retransmission && pattern.retransmission === true) return false;
  if (flags !== undefined && ((segment.flags ^ parseFlags(flags)) & ~PSH) !== 0) return false;
  if (has !== undefined && (segment.flags & parseFlags(has)) !== parseFlags(has)) return false;
  if (pattern.seq !== undefined && segment.seq !== pattern.seq) return false;
  if (pattern.ack !== undefined && ((segment.flags & ACK) === 0 || segment.ack !== pattern.ack)) return false;
  if (pattern.acksAtLeast !== undefined && seqDiff(segment.ack, pattern.acksAtLeast) < 0) return false;
  if (pattern.window !== undefined && segment.window !== pattern.window) return false;
  return pattern.length === undefined || segment.payload.length === pattern.length;
}

function describe(pattern: Pattern): string {
  const fields = Object.entries(pattern).map(([name, value]) => `${name} ${String(value)}`);
  return fields.length === 0 ? 'of any kind' : `with ${fields.join(', ')}`;
}
