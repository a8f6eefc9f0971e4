import { emitIp, parseIp } from './ip.ts';
import { IPPROTO_TCP } from './ip-header.ts';
import { IPV4_HEADER } from './ipv4.ts';
import { IPV6_HEADER } from './ipv6.ts';
import { mustBeTcp, updateChecksums } from './packet-view.ts';
import type { Packet } from './segment.ts';
import { emitTcp, parseTcp } from './tcp.ts';

/** What the kernel itself sends with. */
const HOP_LIMIT = 64;

/**
 * A whole IP packet: lengths and checksums right, hop limit 64, over IPv4 "do not fragment".
 * @throws CW_ADDRESS for an address that is not of the packet's family, CW_ENCODE for a value that does not fit
 */
export function encodePacket(packet: Packet): Uint8Array {
  const { family, from, to } = packet;
  const header = {
    family,
    source: from.address,
    destination: to.address,
    protocol: IPPROTO_TCP,
    hopLimit: HOP_LIMIT,
  };
  const ports = { sourcePort: from.port, destinationPort: to.port };
  const bytes = emitTcp(packet, ports, family === 4 ? IPV4_HEADER : IPV6_HEADER);
  emitIp(header, bytes);
  updateChecksums(bytes);
  return bytes;
}

/**
 * What an IP packet means. Checksums are not looked at: a kernel may hand over partial ones; see `hasValidChecksums`.
 * Payload and unknown options share their memory with `bytes`.
 * @throws CW_DECODE for bytes that are not one whole TCP packet
 */
export function decodePacket(bytes: Uint8Array): Packet {
  const ip = parseIp(bytes);
  mustBeTcp(ip.protocol);
  const tcp = parseTcp(ip.payload);
  return {
    family: ip.family,
    from: { address: ip.source, port: tcp.sourcePort },
    to: { address: ip.destination, port: tcp.destinationPort },
    flags: tcp.flags,
    seq: tcp.seq,
    ack: tcp.ack,
    window: tcp.window,
    urgent: tcp.urgent,
    options: tcp.options,
    payload: tcp.payload,
  };
}
