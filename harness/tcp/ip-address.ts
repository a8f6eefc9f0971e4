import { isIPv4, isIPv6 } from 'node:net';
import { CloseWaitError } from '#core';
import type { Family } from './address.ts';
import { get16, set16 } from './bytes.ts';

/** How canonical text starts where it ends in dotted decimal: nothing else is written so. */
const MAPPED = '::ffff:';

/** The family of an address in text, without brackets, zone or prefix length. @throws CW_ADDRESS */
export function familyOf(text: string): Family {
  if (isIPv4(text)) return 4;
  if (isIPv6(text) && !text.includes('%')) return 6;
  throw new CloseWaitError('CW_ADDRESS', `'${text}' is not an IP address`);
}

/** The 4 or 16 bytes of an address in any spelling. @throws CW_ADDRESS */
export function parseAddress(text: string): Uint8Array {
  const family = familyOf(text);
  const bytes = new Uint8Array(family === 4 ? 4 : 16);
  writeAddress(text, family, bytes, 0);
  return bytes;
}

/** The text of 4 or 16 bytes: dotted decimal, or the canonical form of RFC 5952. @throws CW_ADDRESS for other lengths */
export function formatAddress(bytes: Uint8Array): string {
  if (bytes.length === 4) return readAddress(bytes, 4, 0);
  if (bytes.length === 16) return readAddress(bytes, 6, 0);
  throw new CloseWaitError(
    'CW_ADDRESS',
    `${bytes.length} bytes are not an IP address: IPv4 has 4, IPv6 has 16`,
  );
}

/**
 * The canonical text of an address, and of an IPv4-mapped one (RFC 4291 §2.5.5.2) its IPv4 address: the kernel
 * shows an IPv4 client of an IPv6 listener as `::ffff:198.18.0.2`. @throws CW_ADDRESS
 */
export function unmapAddress(text: string): string {
  const canonical = formatAddress(parseAddress(text));
  return canonical.includes(':') && canonical.includes('.') ? canonical.slice(MAPPED.length) : canonical;
}

/** Writes the bytes of an address that must be of `family`. @throws CW_ADDRESS */
export function writeAddress(text: string, family: Family, into: Uint8Array, at: number): void {
  if (familyOf(text) !== family) {
    throw new CloseWaitError('CW_ADDRESS', `'${text}' is not an IPv${family} address`);
  }
  if (family === 4) writeIpv4(text, into, at);
  else writeIpv6(text, into, at);
}

/** The canonical text of the address that starts at `at`. */
export function readAddress(bytes: Uint8Array, family: Family, at: number): string {
  return family === 4 ? readIpv4(bytes, at) : readIpv6(bytes, at);
}

function writeIpv4(text: string, into: Uint8Array, at: number): void {
  let place = at;
  let value = 0;
  for (let index = 0; index < text.length; index++) {
    const digit = text.charCodeAt(index) - 0x30;
    if (digit >= 0) {
      value = value * 10 + digit;
    } else {
      into[place++] = value;
      value = 0;
    }
  }
  into[place] = value;
}

function writeIpv6(text: string, into: Uint8Array, at: number): void {
  let place = at;
  let gap = -1;
  for (let from = 0; from < text.length;) {
    const colon = text.indexOf(':', from);
    const end = colon < 0 ? text.length : colon;
    if (end === from) {
      gap = place;
    } else if (colon < 0 && text.includes('.', from)) {
      writeIpv4(text.slice(from), into, place);
      place += 4;
    } else {
      set16(into, place, Number.parseInt(text.slice(from, end), 16));
      place += 2;
    }
    from = end + 1;
  }
  if (gap < 0) return;
  const afterGap = at + 16 - (place - gap);
  into.copyWithin(afterGap, gap, place);
  into.fill(0, gap, afterGap);
}

function readIpv4(bytes: Uint8Array, at: number): string {
  return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;
}

/** RFC 5952 §4: lower case, no leading zeros, the first longest run of two or more zero groups as `::`. */
function readIpv6(bytes: Uint8Array, at: number): string {
  let [bestStart, bestLength, start] = [-1, 1, 0];
  for (let group = 0; group < 8; group++) {
    if (get16(bytes, at + 2 * group) !== 0) start = group + 1;
    else if (group + 1 - start > bestLength) [bestStart, bestLength] = [start, group + 1 - start];
  }
  if (bestStart === 0 && bestLength === 5 && get16(bytes, at + 10) === 0xffff) {
    return MAPPED + readIpv4(bytes, at + 12);
  }
  let text = '';
  for (let group = 0; group < 8; group++) {
    if (group === bestStart) {
      text += '::';
      group += bestLength - 1;
    } else {
      text += (text === '' || text.endsWith('::') ? '' : ':') + get16(bytes, at + 2 * group).toString(16);
    }
  }
  return text;
}
