import { nowUs } from '#core';
import { FIN, RST, seqAdd, type Seq } from '#tcp';
import type { Mailbox, Received } from './mailbox.ts';
import type { ReceiveStream } from './receive-stream.ts';

/** Reads a peer's stream, acknowledging data as it takes it from the mailbox. */
export class Reader {
  readonly #acknowledger: { ack(override: { ack: Seq }): unknown };
  readonly #mailbox: Mailbox;
  readonly #stream: ReceiveStream;

  constructor(
    acknowledger: { ack(override: { ack: Seq }): unknown },
    mailbox: Mailbox,
    stream: ReceiveStream,
  ) {
    this.#acknowledger = acknowledger;
    this.#mailbox = mailbox;
    this.#stream = stream;
  }

  /**
   * Null when enough has come; the FIN or RST that came before it otherwise, not acknowledged.
   * @throws CW_UNMET when neither comes within `withinMs`
   */
  async until(enough: (bytes: Buffer) => boolean, withinMs: number): Promise<Received | null> {
    const deadline = nowUs() + withinMs * 1000;
    while (!enough(this.#stream.unread)) {
      const next = await this.#mailbox.take({}, Math.max(0, (deadline - nowUs()) / 1000));
      if ((next.flags & (RST | FIN)) !== 0) return enough(this.#stream.unread) ? null : next;
      // A FIN may have come behind it already: that one is not acknowledged.
      if (next.payload.length > 0) this.#acknowledger.ack({ ack: seqAdd(next.seq, next.payload.length) });
    }
    return null;
  }
}
