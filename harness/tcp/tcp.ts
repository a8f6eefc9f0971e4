import { get16, get32, set16, set32 } from './bytes.ts';
import { mustFit, undecodable } from './codec-error.ts';
import type { Flags } from './flags.ts';
import { emitOptions, parseOptions } from './options.ts';
import type { Segment } from './segment.ts';
import { type Seq, seq } from './seq.ts';

/** Where the fields are (RFC 9293 §3.1). */
const FIELD = {
  sourcePort: 0,
  destinationPort: 2,
  seq: 4,
  ack: 8,
  offsetAndReserved: 12,
  flags: 13,
  window: 14,
  checksum: 16,
  urgent: 18,
  options: 20,
} as const;

/** A TCP header in place: any field may be read and written, whatever the others say. Setters keep a field's low bits. */
export class TcpView {
  /** Header and payload, and nothing else. */
  readonly bytes: Uint8Array;

  /** @throws CW_DECODE when `bytes` are too few for the fixed header */
  constructor(bytes: Uint8Array) {
    if (bytes.length < FIELD.options)
      throw undecodable('tcp.length', 0, bytes.length, 'a header has 20 bytes');
    this.bytes = bytes;
  }

  /** That the data offset holds for these bytes. @throws CW_DECODE */
  check(): this {
    if (this.dataOffset < 5) {
      throw undecodable(
        'tcp.dataOffset',
        FIELD.offsetAndReserved,
        this.dataOffset,
        'a header has 5 words or more',
      );
    }
    if (this.headerLength > this.bytes.length) {
      const problem = `in words; there are only ${this.bytes.length} bytes`;
      throw undecodable('tcp.dataOffset', FIELD.offsetAndReserved, this.dataOffset, problem);
    }
    return this;
  }

  get sourcePort(): number {
    return get16(this.bytes, FIELD.sourcePort);
  }
  set sourcePort(value: number) {
    set16(this.bytes, FIELD.sourcePort, value);
  }

  get destinationPort(): number {
    return get16(this.bytes, FIELD.destinationPort);
  }
  set destinationPort(value: number) {
    set16(this.bytes, FIELD.destinationPort, value);
  }

  get seq(): Seq {
    return seq(get32(this.bytes, FIELD.seq));
  }
  set seq(value: Seq) {
    set32(this.bytes, FIELD.seq, value);
  }

  get ack(): Seq {
    return seq(get32(this.bytes, FIELD.ack));
  }
  set ack(value: Seq) {
    set32(this.bytes, FIELD.ack, value);
  }

  /** Length of the header in words of 4 bytes. */
  get dataOffset(): number {
    return this.bytes[FIELD.offsetAndReserved]! >>> 4;
  }
  set dataOffset(value: number) {
    this.bytes[FIELD.offsetAndReserved] = (value << 4) | this.reserved;
  }

  /** What {@link dataOffset} claims, in bytes. */
  get headerLength(): number {
    return this.dataOffset * 4;
  }

  /** The four bits between data offset and flags: zero in RFC 9293. */
  get reserved(): number {
    return this.bytes[FIELD.offsetAndReserved]! & 0xf;
  }
  set reserved(value: number) {
    this.bytes[FIELD.offsetAndReserved] = (this.dataOffset << 4) | (value & 0xf);
  }

  get flags(): Flags {
    return this.bytes[FIELD.flags]!;
  }
  set flags(value: Flags) {
    this.bytes[FIELD.flags] = value;
  }

  get window(): number {
    return get16(this.bytes, FIELD.window);
  }
  set window(value: number) {
    set16(this.bytes, FIELD.window, value);
  }

  get checksum(): number {
    return get16(this.bytes, FIELD.checksum);
  }
  set checksum(value: number) {
    set16(this.bytes, FIELD.checksum, value);
  }

  get urgent(): number {
    return get16(this.bytes, FIELD.urgent);
  }
  set urgent(value: number) {
    set16(this.bytes, FIELD.urgent, value);
  }

  /** The bytes between the fixed header and the payload, as {@link dataOffset} claims and as far as they exist. */
  get options(): Uint8Array {
    return this.bytes.subarray(FIELD.options, this.headerLength);
  }

  /** The bytes after the header. */
  get payload(): Uint8Array {
    return this.bytes.subarray(this.headerLength);
  }
}

export interface Ports {
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/**
 * What a TCP header and payload mean. Payload and unknown options share their memory with `bytes`. The checksum
 * is not looked at, nor are the reserved bits. @throws CW_DECODE
 */
export function parseTcp(bytes: Uint8Array): Segment & Ports {
  const view = new TcpView(bytes).check();
  return {
    sourcePort: view.sourcePort,
    destinationPort: view.destinationPort,
    seq: view.seq,
    ack: view.ack,
    flags: view.flags,
    window: view.window,
    urgent: view.urgent,
    options: parseOptions(bytes, FIELD.options, view.headerLength),
    payload: view.payload,
  };
}

/**
 * Header and payload, at the end of a buffer that starts with `room` zero bytes for an IP header. The checksum
 * is left zero: it covers the addresses. @throws CW_ENCODE
 */
export function emitTcp(segment: Segment, ports: Ports, room = 0): Uint8Array {
  mustFit('sourcePort', ports.sourcePort, 0xffff);
  mustFit('destinationPort', ports.destinationPort, 0xffff);
  mustFit('flags', segment.flags, 0xff);
  mustFit('window', segment.window, 0xffff);
  mustFit('urgent', segment.urgent, 0xffff);
  const options = emitOptions(segment.options);
  const headerLength = FIELD.options + options.length;
  const bytes = new Uint8Array(room + headerLength + segment.payload.length);
  const view = new TcpView(bytes.subarray(room));
  view.sourcePort = ports.sourcePort;
  view.destinationPort = ports.destinationPort;
  view.seq = segment.seq;
  view.ack = segment.ack;
  view.dataOffset = headerLength / 4;
  view.flags = segment.flags;
  view.window = segment.window;
  view.urgent = segment.urgent;
  bytes.set(options, room + FIELD.options);
  bytes.set(segment.payload, room + headerLength);
  return bytes;
}
