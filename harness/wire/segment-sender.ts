import { ACK, FIN, PSH, RST, seq, SYN, type SegmentFields, type Seq, type TcpOption } from '#tcp';
import type { Override, Sent } from './peer-options.ts';

/** Payload that fits the link on both families with every option, bytes. */
const LARGEST = 1380;

/** The segments that a scripted endpoint sends, by their names. */
export abstract class SegmentSender {
  abstract readonly iss: Seq;
  protected abstract readonly synOptions: readonly TcpOption[];
  abstract send(fields: SegmentFields): Sent;

  syn(override: Override = {}): Sent {
    return this.send({ flags: SYN, seq: this.iss, options: this.synOptions, ...override });
  }

  /** The answer to a SYN: of a server that dialled here, or of one whose SYN crosses ours. */
  synAck(override: Override = {}): Sent {
    return this.send({ flags: SYN | ACK, seq: this.iss, options: this.synOptions, ...override });
  }

  ack(override: Override = {}): Sent {
    return this.send({ flags: ACK, ...override });
  }

  /** Data, in as many segments as it needs; whatever else is said of them goes for the last. What that one did. */
  data(bytes: Uint8Array | string, override: Override = {}): Sent {
    const all = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
    const lastAt = Math.max(0, Math.ceil(all.length / LARGEST) - 1) * LARGEST;
    for (let at = 0; at < lastAt; at += LARGEST)
      this.send({ flags: ACK, payload: all.subarray(at, at + LARGEST) });
    return this.send({ flags: ACK | PSH, payload: all.subarray(lastAt), ...override });
  }

  fin(override: Override = {}): Sent {
    return this.send({ flags: FIN | ACK, ...override });
  }

  rst(override: Override = {}): Sent {
    return this.send({ flags: RST, ack: seq(0), ...override });
  }
}
