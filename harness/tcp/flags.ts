import { CloseWaitError } from '#core';

/** The control bits of a segment (RFC 9293 §3.1) as one number; {@link FIN} to {@link CWR} are its bits. */
export type Flags = number;

export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const PSH = 0x08;
export const ACK = 0x10;
export const URG = 0x20;
export const ECE = 0x40;
export const CWR = 0x80;

/** The order in which closewait writes flags, everywhere. */
const LETTERS: readonly (readonly [string, Flags])[] = [
  ['S', SYN],
  ['F', FIN],
  ['R', RST],
  ['P', PSH],
  ['U', URG],
  ['A', ACK],
  ['E', ECE],
  ['C', CWR],
];

/** `'SA'` to SYN|ACK; letters in any order, the empty text for no flag. @throws CW_FLAGS for any other letter */
export function parseFlags(letters: string): Flags {
  let flags = 0;
  for (const letter of letters.toUpperCase()) {
    const bit = LETTERS.find(([known]) => known === letter)?.[1];
    if (bit === undefined) {
      throw new CloseWaitError(
        'CW_FLAGS',
        `'${letters}' is not a set of TCP flags: '${letter}' is none of S F R P U A E C`,
      );
    }
    flags |= bit;
  }
  return flags;
}

/** The letters of `flags` in the order SFRPUAEC. */
export function formatFlags(flags: Flags): string {
  return LETTERS.filter(([, bit]) => (flags & bit) !== 0)
    .map(([letter]) => letter)
    .join('');
}
