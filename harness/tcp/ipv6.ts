import { get16, get32, set16, set32 } from './bytes.ts';
import { pseudoHeaderSum } from './checksum.ts';
import { mustFit, undecodable } from './codec-error.ts';
import type { IpHeader, IpPacket, Transport } from './ip-header.ts';
import { readAddress, writeAddress } from './ip-address.ts';
import { isExtension, skipExtensions } from './ipv6-extensions.ts';

/** Where the fields are (RFC 8200 §3). */
const FIELD = {
  versionClassAndLabel: 0,
  payloadLength: 4,
  nextHeader: 6,
  hopLimit: 7,
  source: 8,
  destination: 24,
  payload: 40,
} as const;

/** An IPv6 header in place: any field may be read and written, whatever the others say. Setters keep a field's low bits. */
export class Ipv6View {
  readonly bytes: Uint8Array;

  /** @throws CW_DECODE when `bytes` are too few for the fixed header */
  constructor(bytes: Uint8Array) {
    if (bytes.length < FIELD.payload)
      throw undecodable('ipv6.length', 0, bytes.length, 'a header has 40 bytes');
    this.bytes = bytes;
  }

  /** That the version and the length hold for these bytes. @throws CW_DECODE */
  check(): this {
    if (this.version !== 6) {
      throw undecodable('ipv6.version', FIELD.versionClassAndLabel, this.version, 'not 6');
    }
    const room = this.bytes.length - FIELD.payload;
    if (this.payloadLength > room) {
      const problem = `there are only ${room} bytes after the header`;
      throw undecodable('ipv6.payloadLength', FIELD.payloadLength, this.payloadLength, problem);
    }
    return this;
  }

  get version(): number {
    return this.bytes[FIELD.versionClassAndLabel]! >>> 4;
  }
  set version(value: number) {
    this.#setFirstWord(value, this.trafficClass, this.flowLabel);
  }

  get trafficClass(): number {
    return (get16(this.bytes, FIELD.versionClassAndLabel) >>> 4) & 0xff;
  }
  set trafficClass(value: number) {
    this.#setFirstWord(this.version, value, this.flowLabel);
  }

  get flowLabel(): number {
    return get32(this.bytes, FIELD.versionClassAndLabel) & 0xfffff;
  }
  set flowLabel(value: number) {
    this.#setFirstWord(this.version, this.trafficClass, value);
  }

  #setFirstWord(version: number, trafficClass: number, flowLabel: number): void {
    const word = (version << 28) | ((trafficClass & 0xff) << 20) | (flowLabel & 0xfffff);
    set32(this.bytes, FIELD.versionClassAndLabel, word);
  }

  /** Bytes after the fixed header, extension headers included. */
  get payloadLength(): number {
    return get16(this.bytes, FIELD.payloadLength);
  }
  set payloadLength(value: number) {
    set16(this.bytes, FIELD.payloadLength, value);
  }

  /** The number of the header that follows: an extension header's, or a protocol's. */
  get nextHeader(): number {
    return this.bytes[FIELD.nextHeader]!;
  }
  set nextHeader(value: number) {
    this.bytes[FIELD.nextHeader] = value;
  }

  get hopLimit(): number {
    return this.bytes[FIELD.hopLimit]!;
  }
  set hopLimit(value: number) {
    this.bytes[FIELD.hopLimit] = value;
  }

  get source(): string {
    return readAddress(this.bytes, 6, FIELD.source);
  }
  set source(text: string) {
    writeAddress(text, 6, this.bytes, FIELD.source);
  }

  get destination(): string {
    return readAddress(this.bytes, 6, FIELD.destination);
  }
  set destination(text: string) {
    writeAddress(text, 6, this.bytes, FIELD.destination);
  }

  /** The bytes that {@link payloadLength} claims, as far as they exist. Extension headers come first in it. */
  get payload(): Uint8Array {
    return this.bytes.subarray(FIELD.payload, FIELD.payload + this.payloadLength);
  }

  /**
   * Where the payload is, after extension headers. For a view that has passed {@link check}.
   * @throws CW_DECODE for an extension header that cannot be passed over
   */
  transport(): Transport {
    const end = FIELD.payload + this.payloadLength;
    const found = skipExtensions(this.bytes, this.nextHeader, FIELD.payload, end);
    if (isExtension(found.protocol)) {
      const problem =
        'an extension header that is cut short, a fragment of a packet, or a route with segments left';
      throw undecodable('ipv6.nextHeader', found.start, found.protocol, problem);
    }
    return found;
  }

  /** What the addresses and `protocol` add to a transport checksum over `length` bytes. */
  pseudoHeaderSum(protocol: number, length: number): number {
    return pseudoHeaderSum(this.bytes, FIELD.source, FIELD.payload, protocol, length);
  }
}

/** Extension headers are passed over, bytes after the packet are ignored. @throws CW_DECODE */
export function parseIpv6(bytes: Uint8Array): IpPacket {
  const view = new Ipv6View(bytes).check();
  const { protocol, start, end } = view.transport();
  return {
    family: 6,
    source: view.source,
    destination: view.destination,
    protocol,
    hopLimit: view.hopLimit,
    payload: bytes.subarray(start, end),
  };
}

/** Bytes of the header that {@link emitIpv6} writes. */
export const IPV6_HEADER = FIELD.payload;

/**
 * Writes a header without extensions to the start of a packet whose payload fills the rest of it.
 * @throws CW_ADDRESS, CW_ENCODE
 */
export function emitIpv6(header: IpHeader, packet: Uint8Array): void {
  mustFit('the payload length of an IPv6 packet', packet.length - FIELD.payload, 0xffff);
  mustFit('protocol', header.protocol, 0xff);
  mustFit('hopLimit', header.hopLimit, 0xff);
  packet.fill(0, 0, FIELD.payload);
  const view = new Ipv6View(packet);
  view.version = 6;
  view.payloadLength = packet.length - FIELD.payload;
  view.nextHeader = header.protocol;
  view.hopLimit = header.hopLimit;
  view.source = header.source;
  view.destination = header.destination;
}
