import { CloseWaitError } from '#core';
import { errnoNameOf, libc, sysCall } from './libc.ts';

const AF_NETLINK = 16;
const SOCK_RAW_CLOEXEC = 3 | 0o2000000;
const HEADER = 16;
const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;

export const NLM_F_REQUEST = 1;
export const NLM_F_ACK = 4;
export const NLM_F_DUMP = 0x300;
export const NLM_F_CREATE = 0x400;
export const NLM_F_EXCL = 0x200;

export const NETLINK_ROUTE = 0;
export const NETLINK_SOCK_DIAG = 4;

/** A netlink attribute: 32-bit numbers in host order, text with its NUL, raw bytes, or a nest. */
export type Attribute = readonly [type: number, value: number | string | Uint8Array | readonly Attribute[]];

/** Attributes as bytes, each padded to four (netlink(7)). Numbers are little-endian: no big-endian machine runs Node 20. */
export function encodeAttributes(attributes: readonly Attribute[]): Buffer {
  return Buffer.concat(
    attributes.flatMap(([type, value]) => {
      const body = encodeValue(value);
      const header = Buffer.alloc(4);
      header.writeUInt16LE(4 + body.length, 0);
      header.writeUInt16LE(type, 2);
      return [header, body, Buffer.alloc(-body.length & 3)];
    }),
  );
}

function encodeValue(value: Attribute[1]): Uint8Array {
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return bytes;
  }
  if (typeof value === 'string') return Buffer.from(`${value}\0`);
  if (value instanceof Uint8Array) return value;
  return encodeAttributes(value);
}

/** A netlink socket, living in the namespace where it was made. One request at a time; the kernel answers inside `send`. */
export class Netlink {
  /** -1: closed. */
  #fd: number;
  readonly #buffer = Buffer.allocUnsafeSlow(256 * 1024);
  #message = Buffer.alloc(128);

  /** @param protocol NETLINK_ROUTE or NETLINK_SOCK_DIAG */
  constructor(protocol: number) {
    this.#fd = sysCall('socket AF_NETLINK', libc().socket(AF_NETLINK, SOCK_RAW_CLOEXEC, protocol));
  }

  /**
   * Sends one request and hands each answer's body to `onBody` (a view that is gone at the next receive).
   * @param what names the request in errors
   * @throws NetlinkError when the kernel answers with an error
   */
  request(
    what: string,
    type: number,
    flags: number,
    body: Uint8Array,
    onBody?: (body: Buffer) => void,
  ): void {
    const errno = this.exchange(what, type, flags, body, onBody);
    if (errno !== 0) throw new NetlinkError(what, errnoNameOf(errno));
  }

  /** Like {@link request}, for those to whom the kernel's error is an answer: returns its errno, 0 when there is none. */
  exchange(
    what: string,
    type: number,
    flags: number,
    body: Uint8Array,
    onBody?: (body: Buffer) => void,
  ): number {
    const length = HEADER + body.length;
    if (this.#message.length < length) this.#message = Buffer.alloc(length);
    const message = this.#message;
    message.writeUInt32LE(length, 0);
    message.writeUInt16LE(type, 4);
    message.writeUInt16LE(flags | NLM_F_REQUEST, 6);
    message.set(body, HEADER);
    sysCall(`send ${what}`, libc().send(this.#fd, message, length, 0));
    const single = (flags & NLM_F_DUMP) !== NLM_F_DUMP;
    for (;;) {
      const errno = this.#receive(what, single, onBody);
      if (errno !== null) return errno;
    }
  }

  /** Reads one datagram. The answer's errno when it is complete, null when there is more to come. */
  #receive(what: string, single: boolean, onBody: ((body: Buffer) => void) | undefined): number | null {
    const length = sysCall(`receive ${what}`, libc().recv(this.#fd, this.#buffer, this.#buffer.length, 0));
    let done = false;
    for (let at = 0; at + HEADER <= length;) {
      const size = this.#buffer.readUInt32LE(at);
      const type = this.#buffer.readUInt16LE(at + 4);
      if (size < HEADER || at + size > length) {
        throw new CloseWaitError(
          'CW_NETLINK',
          `${what}: the kernel's answer has a message of ${size} bytes at ${at} of ${length}`,
        );
      }
      if (type === NLMSG_ERROR) return -this.#buffer.readInt32LE(at + HEADER);
      if (type === NLMSG_DONE) return 0;
      onBody?.(this.#buffer.subarray(at + HEADER, at + size));
      done = single;
      at += (size + 3) & ~3;
    }
    return done ? 0 : null;
  }

  close(): void {
    if (this.#fd >= 0) libc().close(this.#fd);
    this.#fd = -1;
  }
}

/** The kernel refused a netlink request; `errno` is on it for those who decide by it. */
export class NetlinkError extends CloseWaitError {
  readonly errno: string;

  constructor(what: string, errno: string) {
    super('CW_NETLINK', `${what}: ${errno}`);
    this.errno = errno;
  }
}
