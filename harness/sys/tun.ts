import koffi, { type node } from 'koffi';
import { ifreq } from './rtnetlink.ts';
import { libc, sysCall, wouldBlock } from './libc.ts';
import { checkPacket, type Link } from './link.ts';

const O_RDWR_NONBLOCK_CLOEXEC = 0o2 | 0o4000 | 0o2000000;
const TUNSETIFF = 0x4004_54ca;
const TUNSETPERSIST = 0x4004_54cb;
const IFF_TUN_NO_PI = 0x0001 | 0x1000;

/** Larger than any packet that a TUN device hands over with its offloads off. */
const READ_BUFFER = 64 * 1024;

/** A TUN device in the namespace that the thread is in (Documentation/networking/tuntap). */
export class TunLink implements Link {
  readonly kind = 'tun';
  /** -1: closed. */
  #fd: number;
  readonly #buffer = new Uint8Array(READ_BUFFER);
  #poll: node.PollHandle | undefined;

  /** @throws SystemCallError EACCES or ENOENT where /dev/net/tun cannot be opened */
  constructor(name: string) {
    this.#fd = sysCall('open /dev/net/tun', libc().open('/dev/net/tun', O_RDWR_NONBLOCK_CLOEXEC, 0));
    try {
      const request = ifreq(name);
      request.writeUInt16LE(IFF_TUN_NO_PI, 16);
      sysCall(`make ${name}`, libc().ioctl(this.#fd, TUNSETIFF, request));
      // A device that closing the descriptor need not remove makes that close 350 times quicker; its namespace removes it.
      sysCall(`persist ${name}`, libc().ioctlNumber(this.#fd, TUNSETPERSIST, 1));
    } catch (error) {
      libc().close(this.#fd);
      throw error;
    }
  }

  write(packet: Uint8Array): void {
    checkPacket(packet);
    sysCall('write to the TUN device', libc().write(this.#fd, packet, packet.length));
  }

  read(): Uint8Array | null {
    if (this.#fd < 0) return null;
    const length = libc().read(this.#fd, this.#buffer, READ_BUFFER);
    if (length >= 0) return this.#buffer.slice(0, length);
    if (wouldBlock()) return null;
    sysCall('read from the TUN device', length);
    return null;
  }

  onReadable(callback: () => void): void {
    this.#poll = koffi.node.poll(this.#fd, callback);
    this.#poll.unref();
  }

  close(): void {
    if (this.#fd < 0) return;
    this.#poll?.close();
    libc().close(this.#fd);
    this.#fd = -1;
  }
}
