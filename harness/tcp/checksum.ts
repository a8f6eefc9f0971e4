/**
 * The sum of the big-endian 16-bit words of `bytes` from `start` up to `end`, not yet folded: sums of several
 * pieces may be added, as long as every piece but the last has an even length and all together are at most
 * 128 KiB. An odd last byte counts as the high half of a word (RFC 1071 §4.1).
 */
export function sum16(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let sum = 0;
  let at = start;
  for (const last = end - 1; at < last; at += 2) sum += (bytes[at]! << 8) | bytes[at + 1]!;
  return at < end ? sum + (bytes[at]! << 8) : sum;
}

/** The checksum for a sum of {@link sum16}: its one's complement, folded to 16 bits. Over data with a right checksum: 0. */
export function checksumOf(sum: number): number {
  let folded = (sum & 0xffff) + (sum >>> 16);
  folded = (folded & 0xffff) + (folded >>> 16);
  return ~folded & 0xffff;
}

/** The Internet checksum (RFC 1071) of `bytes`. */
export function internetChecksum(bytes: Uint8Array): number {
  return checksumOf(sum16(bytes));
}

/**
 * The sum of the pseudo header that a TCP checksum covers. One function for IPv4 (RFC 9293 §3.1) and IPv6 (RFC
 * 8200 §8.1): they differ in zero bytes, which add nothing.
 * @param start where the two addresses start in `ip`, one after the other
 * @param end where they end
 * @param length of the TCP header and payload, in bytes
 */
export function pseudoHeaderSum(
  ip: Uint8Array,
  start: number,
  end: number,
  protocol: number,
  length: number,
): number {
  return sum16(ip, start, end) + protocol + (length >>> 16) + (length & 0xffff);
}
