import { undecodable } from './codec-error.ts';
import type { IpHeader, IpPacket } from './ip-header.ts';
import { emitIpv4, IPV4_HEADER, Ipv4View, parseIpv4 } from './ipv4.ts';
import { skipExtensions } from './ipv6-extensions.ts';
import { emitIpv6, IPV6_HEADER, Ipv6View, parseIpv6 } from './ipv6.ts';

export type IpView = Ipv4View | Ipv6View;

/** A checked view of either family, by the version field. @throws CW_DECODE */
export function openIp(bytes: Uint8Array): IpView {
  return versionOf(bytes) === 4 ? new Ipv4View(bytes).check() : new Ipv6View(bytes).check();
}

/** {@link parseIpv4} or {@link parseIpv6}, by the version field. @throws CW_DECODE */
export function parseIp(bytes: Uint8Array): IpPacket {
  return versionOf(bytes) === 4 ? parseIpv4(bytes) : parseIpv6(bytes);
}

/** {@link emitIpv4} or {@link emitIpv6}. @throws CW_ADDRESS, CW_ENCODE */
export function emitIp(header: IpHeader, packet: Uint8Array): void {
  if (header.family === 4) emitIpv4(header, packet);
  else emitIpv6(header, packet);
}

/**
 * The number of the protocol in an IP packet, without a look at anything else: cheap enough for every packet of
 * a link. For IPv6 the number of the first extension header that cannot be passed over, if there is one.
 * Undefined for bytes that are too few, or of another version.
 */
export function protocolOf(bytes: Uint8Array): number | undefined {
  const version = bytes[0]! >>> 4;
  if (version === 4) return bytes.length < IPV4_HEADER ? undefined : new Ipv4View(bytes).protocol;
  if (version !== 6 || bytes.length < IPV6_HEADER) return undefined;
  const { nextHeader, payloadLength } = new Ipv6View(bytes);
  const end = Math.min(bytes.length, IPV6_HEADER + payloadLength);
  return skipExtensions(bytes, nextHeader, IPV6_HEADER, end).protocol;
}

function versionOf(bytes: Uint8Array): 4 | 6 {
  if (bytes.length === 0) throw undecodable('ip.length', 0, 0, 'an empty packet');
  const version = bytes[0]! >>> 4;
  if (version === 4 || version === 6) return version;
  throw undecodable('ip.version', 0, version, 'neither 4 nor 6');
}
