import { SystemCallError } from './libc.ts';

/**
 * A host's cable, its other end in our hands: whole IP packets, no link layer. What is written is received by the host's
 * kernel inside the call (measured on TUN and on veth), so that its answer can be read when `write` returns.
 */
export interface Link {
  readonly kind: LinkKind;
  /** @throws SystemCallError EMSGSIZE above {@link MTU}, EINVAL for what is neither IPv4 nor IPv6, EBADF after `close` */
  write(packet: Uint8Array): void;
  /** The next packet that the host sent, a copy; null when there is none now, or no more after `close`. Never waits. */
  read(): Uint8Array | null;
  /** Calls back whenever there may be something to read, until closed. One callback. Does not keep the process alive. */
  onReadable(callback: () => void): void;
  /** Harmless when repeated. */
  close(): void;
}

export const LINK_KINDS = ['tun', 'veth'] as const;
export type LinkKind = (typeof LINK_KINDS)[number];

/** Largest IP packet on a link, bytes. */
export const MTU = 1500;

/** Refuses what the kernel would take by one kind of link and not by the other. @throws SystemCallError */
export function checkPacket(packet: Uint8Array): void {
  const version = (packet[0] ?? 0) >> 4;
  if (version !== 4 && version !== 6) throw new SystemCallError(`write of IP version ${version}`, 'EINVAL');
  if (packet.length > MTU) throw new SystemCallError(`write of ${packet.length} bytes`, 'EMSGSIZE');
}
