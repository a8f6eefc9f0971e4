import { get16, set16 } from './bytes.ts';
import { checksumOf, pseudoHeaderSum, sum16 } from './checksum.ts';
import { mustFit, undecodable } from './codec-error.ts';
import type { IpHeader, IpPacket, Transport } from './ip-header.ts';
import { readAddress, writeAddress } from './ip-address.ts';

/** Where the fields are (RFC 791 §3.1; DSCP and ECN: RFC 2474, RFC 3168). */
const FIELD = {
  versionAndIhl: 0,
  dscpAndEcn: 1,
  totalLength: 2,
  identification: 4,
  flagsAndOffset: 6,
  ttl: 8,
  protocol: 9,
  checksum: 10,
  source: 12,
  destination: 16,
  options: 20,
} as const;

const RESERVED = 0x8000;
const DONT_FRAGMENT = 0x4000;
const MORE_FRAGMENTS = 0x2000;

/** An IPv4 header in place: any field may be read and written, whatever the others say. Setters keep a field's low bits. */
export class Ipv4View {
  readonly bytes: Uint8Array;

  /** @throws CW_DECODE when `bytes` are too few for the fixed header */
  constructor(bytes: Uint8Array) {
    if (bytes.length < FIELD.options)
      throw undecodable('ipv4.length', 0, bytes.length, 'a header has 20 bytes');
    this.bytes = bytes;
  }

  /** That the version and the lengths hold for these bytes. @throws CW_DECODE */
  check(): this {
    if (this.version !== 4) throw undecodable('ipv4.version', FIELD.versionAndIhl, this.version, 'not 4');
    if (this.ihl < 5)
      throw undecodable('ipv4.ihl', FIELD.versionAndIhl, this.ihl, 'a header has 5 words or more');
    if (this.totalLength < this.headerLength) {
      throw undecodable('ipv4.totalLength', FIELD.totalLength, this.totalLength, 'less than the header');
    }
    if (this.totalLength > this.bytes.length) {
      const problem = `there are only ${this.bytes.length} bytes`;
      throw undecodable('ipv4.totalLength', FIELD.totalLength, this.totalLength, problem);
    }
    return this;
  }

  get version(): number {
    return this.bytes[FIELD.versionAndIhl]! >>> 4;
  }
  set version(value: number) {
    this.bytes[FIELD.versionAndIhl] = (value << 4) | this.ihl;
  }

  /** Internet header length, in words of 4 bytes. */
  get ihl(): number {
    return this.bytes[FIELD.versionAndIhl]! & 0xf;
  }
  set ihl(value: number) {
    this.bytes[FIELD.versionAndIhl] = (this.version << 4) | (value & 0xf);
  }

  /** What {@link ihl} claims, in bytes. */
  get headerLength(): number {
    return this.ihl * 4;
  }

  get dscp(): number {
    return this.bytes[FIELD.dscpAndEcn]! >>> 2;
  }
  set dscp(value: number) {
    this.bytes[FIELD.dscpAndEcn] = (value << 2) | this.ecn;
  }

  get ecn(): number {
    return this.bytes[FIELD.dscpAndEcn]! & 3;
  }
  set ecn(value: number) {
    this.bytes[FIELD.dscpAndEcn] = (this.dscp << 2) | (value & 3);
  }

  /** Header and payload, in bytes. */
  get totalLength(): number {
    return get16(this.bytes, FIELD.totalLength);
  }
  set totalLength(value: number) {
    set16(this.bytes, FIELD.totalLength, value);
  }

  get identification(): number {
    return get16(this.bytes, FIELD.identification);
  }
  set identification(value: number) {
    set16(this.bytes, FIELD.identification, value);
  }

  /** RFC 791: must be zero. */
  get reservedFlag(): boolean {
    return (get16(this.bytes, FIELD.flagsAndOffset) & RESERVED) !== 0;
  }
  set reservedFlag(value: boolean) {
    setBit(this.bytes, RESERVED, value);
  }

  get dontFragment(): boolean {
    return (get16(this.bytes, FIELD.flagsAndOffset) & DONT_FRAGMENT) !== 0;
  }
  set dontFragment(value: boolean) {
    setBit(this.bytes, DONT_FRAGMENT, value);
  }

  get moreFragments(): boolean {
    return (get16(this.bytes, FIELD.flagsAndOffset) & MORE_FRAGMENTS) !== 0;
  }
  set moreFragments(value: boolean) {
    setBit(this.bytes, MORE_FRAGMENTS, value);
  }

  /** In units of 8 bytes. */
  get fragmentOffset(): number {
    return get16(this.bytes, FIELD.flagsAndOffset) & 0x1fff;
  }
  set fragmentOffset(value: number) {
    const flags = get16(this.bytes, FIELD.flagsAndOffset) & 0xe000;
    set16(this.bytes, FIELD.flagsAndOffset, flags | (value & 0x1fff));
  }

  get ttl(): number {
    return this.bytes[FIELD.ttl]!;
  }
  set ttl(value: number) {
    this.bytes[FIELD.ttl] = value;
  }

  get protocol(): number {
    return this.bytes[FIELD.protocol]!;
  }
  set protocol(value: number) {
    this.bytes[FIELD.protocol] = value;
  }

  get checksum(): number {
    return get16(this.bytes, FIELD.checksum);
  }
  set checksum(value: number) {
    set16(this.bytes, FIELD.checksum, value);
  }

  get source(): string {
    return readAddress(this.bytes, 4, FIELD.source);
  }
  set source(text: string) {
    writeAddress(text, 4, this.bytes, FIELD.source);
  }

  get destination(): string {
    return readAddress(this.bytes, 4, FIELD.destination);
  }
  set destination(text: string) {
    writeAddress(text, 4, this.bytes, FIELD.destination);
  }

  /** The bytes between the fixed header and the payload, not interpreted. */
  get options(): Uint8Array {
    return this.bytes.subarray(FIELD.options, this.headerLength);
  }

  /** The bytes that {@link ihl} and {@link totalLength} claim for the payload, as far as they exist. */
  get payload(): Uint8Array {
    return this.bytes.subarray(this.headerLength, this.totalLength);
  }

  /** Where the payload is. For a view that has passed {@link check}. @throws CW_DECODE for a fragment, which has only a part of it */
  transport(): Transport {
    if (this.moreFragments || this.fragmentOffset !== 0) {
      throw undecodable(
        'ipv4.fragmentOffset',
        FIELD.flagsAndOffset,
        this.fragmentOffset,
        'a fragment of a packet',
      );
    }
    return { protocol: this.protocol, start: this.headerLength, end: this.totalLength };
  }

  /** What the addresses and `protocol` add to a transport checksum over `length` bytes. */
  pseudoHeaderSum(protocol: number, length: number): number {
    return pseudoHeaderSum(this.bytes, FIELD.source, FIELD.options, protocol, length);
  }

  /** The checksum over the header as it is: 0 when it carries the right one, and what to write there while it carries 0. */
  headerSum(): number {
    return checksumOf(sum16(this.bytes, 0, this.headerLength));
  }
}

function setBit(bytes: Uint8Array, bit: number, value: boolean): void {
  const others = get16(bytes, FIELD.flagsAndOffset) & ~bit;
  set16(bytes, FIELD.flagsAndOffset, value ? others | bit : others);
}

/** Options are passed over, bytes after the packet are ignored. @throws CW_DECODE; a wrong checksum is none of its reasons */
export function parseIpv4(bytes: Uint8Array): IpPacket {
  const view = new Ipv4View(bytes).check();
  const { protocol, start, end } = view.transport();
  return {
    family: 4,
    source: view.source,
    destination: view.destination,
    protocol,
    hopLimit: view.ttl,
    payload: bytes.subarray(start, end),
  };
}

/** Bytes of the header that {@link emitIpv4} writes. */
export const IPV4_HEADER = FIELD.options;

/**
 * Writes a header without options, "do not fragment" set, checksum right, to the start of a packet whose payload fills the rest of it.
 * @throws CW_ADDRESS, CW_ENCODE
 */
export function emitIpv4(header: IpHeader, packet: Uint8Array): void {
  mustFit('the payload length of an IPv4 packet', packet.length - FIELD.options, 0xffff - FIELD.options);
  mustFit('protocol', header.protocol, 0xff);
  mustFit('hopLimit', header.hopLimit, 0xff);
  packet.fill(0, 0, FIELD.options);
  const view = new Ipv4View(packet);
  view.version = 4;
  view.ihl = FIELD.options / 4;
  view.totalLength = packet.length;
  view.dontFragment = true;
  view.ttl = header.hopLimit;
  view.protocol = header.protocol;
  view.source = header.source;
  view.destination = header.destination;
  view.checksum = view.headerSum();
}
