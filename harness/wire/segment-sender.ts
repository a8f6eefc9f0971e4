import { ACK, FIN, PSH, RST, seq, SYN, type SegmentFields, type Seq, type TcpOption } from '#tcp';
import type { Override, Sent } from './peer-options.ts';

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

  data(bytes: Uint8Array | string, override: Override = {}): Sent {
    const payload = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
    return this.send({ flags: ACK | PSH, payload, ...override });
  }

  fin(override: Override = {}): Sent {
    return this.send({ flags: FIN | ACK, ...override });
  }

  rst(override: Override = {}): Sent {
    return this.send({ flags: RST, ack: seq(0), ...override });
  }
}
