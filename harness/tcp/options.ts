import { CloseWaitError } from '#core';
import { get16, get32, set16, set32 } from './bytes.ts';
import { mustFit, undecodable } from './codec-error.ts';

/** A TCP option that closewait knows the meaning of, or the bytes of one that it does not (RFC 9293 §3.2). */
export type TcpOption =
  | { readonly kind: 'mss'; readonly bytes: number }
  /** RFC 7323 §2.2; `shift` 0 to 14 has meaning, the wire carries 0 to 255. */
  | { readonly kind: 'window-scale'; readonly shift: number }
  | { readonly kind: 'sack-permitted' }
  /** RFC 2018 §3: edges of the blocks held, as raw sequence numbers. */
  | { readonly kind: 'sack'; readonly blocks: readonly (readonly [left: number, right: number])[] }
  /** RFC 7323 §3.2. */
  | { readonly kind: 'timestamps'; readonly value: number; readonly echo: number }
  | { readonly kind: 'unknown'; readonly code: number; readonly data: Uint8Array };

/** Kind numbers (RFC 9293 §3.2, RFC 7323, RFC 2018). The first two are a single byte and stand for nothing. */
const END = 0;
const NO_OPERATION = 1;
const MSS = 2;
const WINDOW_SCALE = 3;
const SACK_PERMITTED = 4;
const SACK = 5;
const TIMESTAMPS = 8;

/** Kind and length, which every option but the single-byte ones starts with. */
const PREFIX = 2;
const SACK_BLOCK = 8;
/** The lengths that are legal, {@link SACK} apart; prefix included. */
const LENGTHS: Readonly<Record<number, number>> = {
  [MSS]: 4,
  [WINDOW_SCALE]: 3,
  [SACK_PERMITTED]: 2,
  [TIMESTAMPS]: 10,
};

/** A header has at most 15 words, 5 of them fixed. */
const MOST = 40;
const NO_BYTES = new Uint8Array(0);

/**
 * The options in the bytes from `start` up to `end`, in order: no-operations left out, nothing read after an
 * end-of-options. The data of unknown ones shares its memory with `bytes`.
 * @throws CW_DECODE for an illegal length (RFC 9293 MUST-7)
 */
export function parseOptions(bytes: Uint8Array, start = 0, end = bytes.length): TcpOption[] {
  const options: TcpOption[] = [];
  let at = start;
  while (at < end) {
    const code = bytes[at]!;
    if (code === END) break;
    if (code === NO_OPERATION) {
      at += 1;
      continue;
    }
    if (at + 1 >= end) throw undecodable('tcp.options', at, code, 'a kind without a length');
    const length = bytes[at + 1]!;
    if (!isLegal(code, length) || at + length > end) {
      const problem = `not a legal length for an option of kind ${code} with ${end - at} bytes left`;
      throw undecodable('tcp.options', at + 1, length, problem);
    }
    options.push(parseOption(bytes, at, code, length));
    at += length;
  }
  return options;
}

function isLegal(code: number, length: number): boolean {
  if (code === SACK) return length > PREFIX && (length - PREFIX) % SACK_BLOCK === 0;
  return length === (LENGTHS[code] ?? Math.max(length, PREFIX));
}

function parseOption(bytes: Uint8Array, at: number, code: number, length: number): TcpOption {
  const data = at + PREFIX;
  switch (code) {
    case MSS:
      return { kind: 'mss', bytes: get16(bytes, data) };
    case WINDOW_SCALE:
      return { kind: 'window-scale', shift: bytes[data]! };
    case SACK_PERMITTED:
      return { kind: 'sack-permitted' };
    case SACK: {
      const blocks: [number, number][] = [];
      for (let block = data; block < at + length; block += SACK_BLOCK) {
        blocks.push([get32(bytes, block), get32(bytes, block + 4)]);
      }
      return { kind: 'sack', blocks };
    }
    case TIMESTAMPS:
      return { kind: 'timestamps', value: get32(bytes, data), echo: get32(bytes, data + 4) };
    default:
      return { kind: 'unknown', code, data: bytes.subarray(data, at + length) };
  }
}

/**
 * The options one after the other, then end-of-options up to whole words: a multiple of 4 bytes.
 * @throws CW_ENCODE for more than 40 bytes, or for a value that does not fit
 */
export function emitOptions(options: readonly TcpOption[]): Uint8Array {
  if (options.length === 0) return NO_BYTES;
  const bytes = new Uint8Array(MOST);
  let end = 0;
  for (const option of options) end = emitOption(option, bytes, end);
  if (end > MOST) {
    const kinds = options.map(({ kind }) => kind).join(', ');
    throw new CloseWaitError(
      'CW_ENCODE',
      `TCP options (${kinds}) take ${end} bytes: a header has room for ${MOST}`,
    );
  }
  return bytes.subarray(0, (end + 3) & ~3);
}

/** Returns where the option ends. What is past the end of `into` is not written. */
function emitOption(option: TcpOption, into: Uint8Array, at: number): number {
  switch (option.kind) {
    case 'mss':
      mustFit('mss', option.bytes, 0xffff);
      set16(into, at + PREFIX, option.bytes);
      return emitPrefix(into, at, MSS, 4);
    case 'window-scale':
      mustFit('window scale', option.shift, 0xff);
      into[at + PREFIX] = option.shift;
      return emitPrefix(into, at, WINDOW_SCALE, 3);
    case 'sack-permitted':
      return emitPrefix(into, at, SACK_PERMITTED, 2);
    case 'sack':
      if (option.blocks.length === 0) throw new CloseWaitError('CW_ENCODE', 'a SACK option has no block');
      option.blocks.forEach(([left, right], index) => {
        const block = at + PREFIX + index * SACK_BLOCK;
        mustFit('left edge of a SACK block', left, 0xffffffff);
        mustFit('right edge of a SACK block', right, 0xffffffff);
        set32(into, block, left);
        set32(into, block + 4, right);
      });
      return emitPrefix(into, at, SACK, PREFIX + option.blocks.length * SACK_BLOCK);
    case 'timestamps':
      mustFit('timestamp value', option.value, 0xffffffff);
      mustFit('timestamp echo', option.echo, 0xffffffff);
      set32(into, at + PREFIX, option.value);
      set32(into, at + PREFIX + 4, option.echo);
      return emitPrefix(into, at, TIMESTAMPS, 10);
    case 'unknown':
      mustBeUnknown(option.code);
      for (const [index, byte] of option.data.entries()) into[at + PREFIX + index] = byte;
      return emitPrefix(into, at, option.code, PREFIX + option.data.length);
  }
}

function emitPrefix(into: Uint8Array, at: number, code: number, length: number): number {
  into[at] = code;
  into[at + 1] = length;
  return at + length;
}

function mustBeUnknown(code: number): void {
  mustFit('the code of an unknown option', code, 0xff);
  if (code > NO_OPERATION && code !== SACK && !(code in LENGTHS)) return;
  throw new CloseWaitError(
    'CW_ENCODE',
    `${code} is not the code of an unknown option: it would be read as another kind`,
  );
}
