import type { Family } from './address.ts';

/** What is meant by an IP header, of either family. Options, extension headers and fragments are not. */
export interface IpHeader {
  readonly family: Family;
  readonly source: string;
  readonly destination: string;
  /** The protocol of the payload, as IANA numbers them: {@link IPPROTO_TCP}. */
  readonly protocol: number;
  /** IPv4's time to live, IPv6's hop limit. */
  readonly hopLimit: number;
}

export interface IpPacket extends IpHeader {
  /** Shares its memory with the bytes that were parsed. */
  readonly payload: Uint8Array;
}

/** Where the payload of an IP packet is, and what it is. */
export interface Transport {
  readonly protocol: number;
  readonly start: number;
  readonly end: number;
}

/** The protocol number of TCP. */
export const IPPROTO_TCP = 6;
/** The protocol number of ICMPv6: what a fresh TUN device sends of its own accord. */
export const IPPROTO_ICMPV6 = 58;
