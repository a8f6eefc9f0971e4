import type { Transport } from './ip-header.ts';

const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const AUTHENTICATION = 51;
const DESTINATION_OPTIONS = 60;

const MINIMUM = 8;

/** Whether an IPv6 next-header number is an extension header's that can be passed over (RFC 8200 §4, RFC 4302). */
export function isExtension(protocol: number): boolean {
  return (
    protocol === HOP_BY_HOP ||
    protocol === ROUTING ||
    protocol === FRAGMENT ||
    protocol === AUTHENTICATION ||
    protocol === DESTINATION_OPTIONS
  );
}

/**
 * Passes over extension headers, to the first header that is none. It stops at one that cannot be passed: cut
 * short by `end`, a fragment of a packet, or a route with segments left (its destination is not the last one).
 */
export function skipExtensions(bytes: Uint8Array, first: number, from: number, end: number): Transport {
  let [protocol, start] = [first, from];
  while (isExtension(protocol)) {
    if (start + MINIMUM > end || stops(bytes, protocol, start)) break;
    const next = start + lengthOf(bytes, protocol, start);
    if (next > end) break;
    protocol = bytes[start]!;
    start = next;
  }
  return { protocol, start, end };
}

function stops(bytes: Uint8Array, protocol: number, start: number): boolean {
  const segmentsLeft = bytes[start + 3]!;
  if (protocol === ROUTING) return segmentsLeft !== 0;
  // A fragment that is the whole packet (RFC 6946) has offset 0 and no more to come.
  return protocol === FRAGMENT && (bytes[start + 2] !== 0 || (bytes[start + 3]! & 0xf9) !== 0);
}

function lengthOf(bytes: Uint8Array, protocol: number, start: number): number {
  if (protocol === FRAGMENT) return MINIMUM;
  const count = bytes[start + 1]!;
  return protocol === AUTHENTICATION ? (count + 2) * 4 : (count + 1) * 8;
}
