import type { Host } from '#lab';
import { decodePacket, encodePacket, segment, seq, type Family, type Flags, type Packet } from '#tcp';

const PEER = { 4: '198.18.1.1', 6: '2001:db8::1:1' } as const;

export interface Sent {
  readonly family: Family;
  readonly flags: Flags;
  /** The host's port. */
  readonly port: number;
  /** Ours. */
  readonly from?: number;
  readonly seq?: number;
  readonly ack?: number;
}

/** A bare segment from where no kernel lives. */
export function segmentTo(host: Host, { family, flags, port, from = 40_000, ...numbers }: Sent): Uint8Array {
  return encodePacket({
    family,
    from: { address: PEER[family], port: from },
    to: { address: host.addresses[family]!, port },
    ...segment({ flags, seq: seq(numbers.seq ?? 7), ack: seq(numbers.ack ?? 9) }),
  });
}

/** All that has arrived on a host's link. */
export function readAll(host: Host): Packet[] {
  const packets: Packet[] = [];
  for (let bytes = host.link!.read(); bytes !== null; bytes = host.link!.read()) {
    packets.push(decodePacket(bytes));
  }
  return packets;
}
