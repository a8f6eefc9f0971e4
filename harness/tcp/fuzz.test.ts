import { expect } from 'chai';
import { CloseWaitError, random, type Random } from '#core';
import { formatAddress } from './ip-address.ts';
import { parseIp, protocolOf } from './ip.ts';
import { parseIpv4 } from './ipv4.ts';
import { parseIpv6 } from './ipv6.ts';
import { parseOptions, type TcpOption } from './options.ts';
import { hasValidChecksums, openPacket, updateChecksums } from './packet-view.ts';
import { decodePacket, encodePacket } from './packet.ts';
import type { Packet } from './segment.ts';
import { seq } from './seq.ts';
import { parseTcp } from './tcp.ts';

/** What reads bytes from the wire, {@link decodePacket} apart. */
const READERS: readonly ((bytes: Uint8Array) => unknown)[] = [
  openPacket,
  hasValidChecksums,
  updateChecksums,
  parseIp,
  parseIpv4,
  parseIpv6,
  parseTcp,
  parseOptions,
  protocolOf,
];

function randomSeq(source: Random): number {
  // Near the wrap half of the time.
  return source.below(2) === 0 ? source.below(2 ** 32) : (source.below(16) - 8) >>> 0;
}

function randomOption(source: Random): TcpOption {
  switch (source.below(6)) {
    case 0:
      return { kind: 'mss', bytes: source.below(65_536) };
    case 1:
      return { kind: 'window-scale', shift: source.below(256) };
    case 2:
      return { kind: 'sack-permitted' };
    case 3:
      return {
        kind: 'sack',
        blocks: Array.from({ length: 1 + source.below(2) }, () => [randomSeq(source), randomSeq(source)]),
      };
    case 4:
      return { kind: 'timestamps', value: randomSeq(source), echo: randomSeq(source) };
    default:
      return { kind: 'unknown', code: 9 + source.below(247), data: source.bytes(source.below(6)) };
  }
}

function randomPacket(source: Random): Packet {
  const family = source.below(2) === 0 ? 4 : 6;
  const end = () => ({
    address: formatAddress(source.bytes(family === 4 ? 4 : 16)),
    port: source.below(65_536),
  });
  return {
    family,
    from: end(),
    to: end(),
    flags: source.below(256),
    seq: seq(randomSeq(source)),
    ack: seq(randomSeq(source)),
    window: source.below(65_536),
    urgent: source.below(65_536),
    // Two options of at most 18 bytes: they always fit.
    options: Array.from({ length: source.below(3) }, () => randomOption(source)),
    payload: source.bytes(source.below(30)),
  };
}

/** Changes some bytes, mostly in the headers, and cuts or lengthens the packet now and then. */
function mutate(bytes: Uint8Array, source: Random): Uint8Array {
  const mutated = bytes.slice(0, source.below(4) === 0 ? source.below(bytes.length + 1) : bytes.length);
  for (let count = source.below(4); count >= 0 && mutated.length > 0; count--) {
    mutated[source.below(mutated.length)] = source.below(2) === 0 ? source.below(256) : 1 << source.below(8);
  }
  return mutated;
}

/** What `read` makes of `bytes`; undefined after a decode error. Anything else that is thrown is thrown on, with the bytes. */
function attempt<T>(read: (bytes: Uint8Array) => T, bytes: Uint8Array): T | undefined {
  try {
    return read(bytes);
  } catch (thrown) {
    if (thrown instanceof CloseWaitError && thrown.code === 'CW_DECODE') return undefined;
    throw new Error(`${read.name} of ${Buffer.from(bytes).toString('hex')}`, { cause: thrown });
  }
}

describe('the codec, fuzzed', () => {
  const { stackTraceLimit } = Error;
  // Most of the time would go to stack traces that nobody reads.
  before(() => (Error.stackTraceLimit = 0));
  after(() => (Error.stackTraceLimit = stackTraceLimit));

  it('gives back every packet that it wrote', () => {
    const source = random(9293);
    for (let count = 0; count < 5000; count++) {
      const packet = randomPacket(source);
      const bytes = encodePacket(packet);
      expect(decodePacket(bytes)).to.deep.equal(packet);
      expect(hasValidChecksums(bytes)).to.equal(true);
    }
  });

  it('throws nothing but decode errors for random bytes', () => {
    const source = random(791);
    for (let count = 0; count < 100_000; count++) {
      const bytes = source.bytes(source.below(80));
      // Two in three claim to be an IP packet.
      if (bytes.length > 0) bytes[0] = [bytes[0]!, 0x45, 0x60][count % 3]!;
      attempt(decodePacket, bytes);
      attempt(READERS[count % READERS.length]!, bytes);
    }
  });

  it('throws nothing but decode errors for packets gone wrong, and can write what it reads', () => {
    const source = random(8200);
    const sound = Array.from({ length: 1000 }, () => encodePacket(randomPacket(source)));
    let decoded = 0;
    for (let count = 0; count < 100_000; count++) {
      const bytes = mutate(sound[count % sound.length]!, source);
      const packet = attempt(decodePacket, bytes);
      if (packet !== undefined && decoded++ % 20 === 0) {
        expect(decodePacket(encodePacket(packet))).to.deep.equal(packet);
      }
      attempt(READERS[count % READERS.length]!, bytes);
    }
    // Neither all were sound, nor all too broken to get past the first check.
    expect(decoded).to.be.within(20_000, 80_000);
  });
});
