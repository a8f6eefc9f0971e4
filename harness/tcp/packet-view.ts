import { CloseWaitError } from '#core';
import { checksumOf, sum16 } from './checksum.ts';
import { IPPROTO_TCP } from './ip-header.ts';
import { type IpView, openIp } from './ip.ts';
import { Ipv4View } from './ipv4.ts';
import { TcpView } from './tcp.ts';

/** The headers of one packet, in place: write into them what no sound packet has, then {@link updateChecksums}. */
export interface PacketView {
  readonly ip: IpView;
  readonly tcp: TcpView;
}

/**
 * The headers of a TCP packet. The IP header must be sound, since it says where the TCP header is; the TCP
 * header may hold anything. @throws CW_DECODE
 */
export function openPacket(bytes: Uint8Array): PacketView {
  const ip = openIp(bytes);
  const { protocol, start, end } = ip.transport();
  mustBeTcp(protocol);
  return { ip, tcp: new TcpView(bytes.subarray(start, end)) };
}

/** @throws CW_DECODE */
export function mustBeTcp(protocol: number): void {
  if (protocol === IPPROTO_TCP) return;
  throw new CloseWaitError('CW_DECODE', `the packet's protocol is ${protocol}, not TCP (${IPPROTO_TCP})`);
}

/**
 * Whether the checksums of a TCP packet, and of its IPv4 header, are right. Those of a packet that a kernel
 * leaves to the network card (checksum offload) are not. @throws CW_DECODE for bytes that are not a TCP packet
 */
export function hasValidChecksums(bytes: Uint8Array): boolean {
  const { ip, tcp } = openPacket(bytes);
  return tcpChecksum(ip, tcp) === 0 && (!(ip instanceof Ipv4View) || ip.headerSum() === 0);
}

/** Makes the checksums of a TCP packet right, in place. @throws CW_DECODE for bytes that are not a TCP packet */
export function updateChecksums(bytes: Uint8Array): void {
  const { ip, tcp } = openPacket(bytes);
  if (ip instanceof Ipv4View) {
    ip.checksum = 0;
    ip.checksum = ip.headerSum();
  }
  tcp.checksum = 0;
  tcp.checksum = tcpChecksum(ip, tcp);
}

/** Over the whole segment, its checksum field included. */
function tcpChecksum(ip: IpView, tcp: TcpView): number {
  return checksumOf(sum16(tcp.bytes) + ip.pseudoHeaderSum(IPPROTO_TCP, tcp.bytes.length));
}
