/**
 * A host's cable, its other end in our hands: whole IP packets, no link layer. What is written is received by the host's
 * kernel inside the call (measured on TUN and on veth), so that its answer can be read when `write` returns.
 */
export interface Link {
  readonly kind: LinkKind;
  /** @throws SystemCallError when the kernel refuses the packet (too large, device gone) */
  write(packet: Uint8Array): void;
  /** The next packet that the host sent, a copy; null when there is none now. Never waits. */
  read(): Uint8Array | null;
  /** Calls back whenever there may be something to read, until closed. One callback. Does not keep the process alive. */
  onReadable(callback: () => void): void;
  close(): void;
}

export const LINK_KINDS = ['tun', 'veth'] as const;
export type LinkKind = (typeof LINK_KINDS)[number];

/** Largest IP packet on a link, bytes. */
export const MTU = 1500;
