import { CloseWaitError, nowUs } from '#core';
import { FIN, RST, seqAdd, type Seq } from '#tcp';
import type { Mailbox, Received } from './mailbox.ts';
import type { ReceiveStream } from './receive-stream.ts';
import { nameOf } from './recorder.ts';

/** Who acknowledges what has been read. */
interface Acknowledger {
  ack(override: { ack: Seq }): unknown;
}

/** What a peer got of a stream. */
export interface Outcome {
  readonly bytes: Buffer;
  /** How the server ended it; null: it did not. */
  readonly end: 'FIN' | 'RST' | null;
  /** The segment that ended it, not acknowledged. */
  readonly segment: Received | null;
}

/** Reads a peer's stream, acknowledging data as it takes it from the mailbox, but never a FIN. */
export class Reader {
  readonly #acknowledger: Acknowledger;
  readonly #mailbox: Mailbox;
  readonly #stream: ReceiveStream;

  constructor(acknowledger: Acknowledger, mailbox: Mailbox, stream: ReceiveStream) {
    this.#acknowledger = acknowledger;
    this.#mailbox = mailbox;
    this.#stream = stream;
  }

  /** @throws CW_UNMET when `enough` does not hold within the time, or the stream ends before */
  async read(enough: (bytes: Buffer) => boolean, withinMs: number): Promise<Buffer> {
    const end = await this.#until(enough, withinMs);
    const bytes = this.#stream.unread;
    if (enough(bytes)) return this.#stream.take();
    const why =
      end === null ? `nothing more came within ${withinMs} ms` : `the server ended it (${nameOf(end)})`;
    throw new CloseWaitError('CW_UNMET', `the stream is too short, ${bytes.length} bytes: ${why}`);
  }

  /** What came until the server ended the stream, `enough` was there, or the time was over. Never throws. */
  async outcome(withinMs: number, enough: (bytes: Buffer) => boolean): Promise<Outcome> {
    const end = await this.#until(enough, withinMs);
    const kind = end === null ? null : (end.flags & RST) !== 0 ? 'RST' : 'FIN';
    // The last data may be in the segment of the FIN itself.
    const bytes = this.#stream.take();
    return { bytes, end: kind, segment: end };
  }

  /** The FIN; null when none comes within the time. @throws CW_UNMET for a RST */
  async end(withinMs: number): Promise<Received | null> {
    const end = await this.#until(() => false, withinMs);
    if (end === null || (end.flags & RST) === 0) return end;
    const { length } = this.#stream.unread;
    throw new CloseWaitError(
      'CW_UNMET',
      `the server reset the connection instead of closing it, after ${length} bytes`,
    );
  }

  /** @throws CW_UNMET when no FIN comes within the time, or a RST */
  async readToFin(withinMs: number): Promise<{ bytes: Buffer; fin: Received }> {
    const fin = await this.end(withinMs);
    const bytes = this.#stream.take();
    if (fin !== null) return { bytes, fin };
    throw new CloseWaitError('CW_UNMET', `no FIN came within ${withinMs} ms, after ${bytes.length} bytes`);
  }

  /** The FIN or RST that comes before there is enough; null when there is enough, or the time is over. */
  async #until(enough: (bytes: Buffer) => boolean, withinMs: number): Promise<Received | null> {
    const deadline = nowUs() + withinMs * 1000;
    while (!enough(this.#stream.unread)) {
      const next = await this.#mailbox.next(Math.max(0, (deadline - nowUs()) / 1000));
      if (next === null) return null;
      if ((next.flags & (RST | FIN)) !== 0) return next;
      // A FIN may have come behind it already: that one is not acknowledged.
      // One acknowledgement for all that is there: as with a kernel, what comes together is acknowledged together.
      if (next.payload.length > 0 && !this.#mailbox.hasData)
        this.#acknowledger.ack({ ack: seqAdd(next.seq, next.payload.length) });
    }
    return null;
  }
}
