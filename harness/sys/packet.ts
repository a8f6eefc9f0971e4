import koffi, { type node } from 'koffi';
import { libc, sysCall, SystemCallError, wouldBlock } from './libc.ts';
import { checkPacket, type Link } from './link.ts';
import type { Namespace } from './namespace.ts';

const AF_PACKET = 17;
const SOCK_DGRAM_NONBLOCK_CLOEXEC = 2 | 0o4000 | 0o2000000;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const SOL_PACKET = 263;
const PACKET_IGNORE_OUTGOING = 23;
const ETH_P_ALL = 0x0003;
const ETH_P_IP = 0x0800;
const ETH_P_IPV6 = 0x86dd;
const SOCKADDR_LL = 20;
const READ_BUFFER = 64 * 1024;
/** Room for a burst of a few thousand small packets while the event loop is busy. */
const RECEIVE_BUFFER = 8 * 1024 * 1024;

/**
 * One AF_PACKET socket (packet(7)) for all veth ends that lie in one namespace: each such socket costs the kernel some
 * 15 ms to close, a further link on a shared one costs nothing.
 */
export class PacketSocket {
  /** -1: closed. */
  #fd: number;
  readonly #buffer = Buffer.allocUnsafeSlow(READ_BUFFER);
  readonly #source = Buffer.alloc(SOCKADDR_LL);
  readonly #sourceLength = Buffer.alloc(4);
  readonly #ports = new Map<number, PacketLink>();
  readonly #poll: node.PollHandle;
  #willWake = false;

  constructor(namespace: Namespace) {
    this.#fd = namespace.run(() =>
      sysCall('socket AF_PACKET', libc().socket(AF_PACKET, SOCK_DGRAM_NONBLOCK_CLOEXEC, swap16(ETH_P_ALL))),
    );
    this.#set('PACKET_IGNORE_OUTGOING', SOL_PACKET, PACKET_IGNORE_OUTGOING, 1);
    this.#set('SO_RCVBUF', SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER);
    this.#poll = koffi.node.poll(this.#fd, () => {
      this.drain();
      this.#wakeAll();
    });
    this.#poll.unref();
  }

  /** The link at one device. @param hostAddress the hardware address at the host's end, 6 bytes */
  attach(index: number, hostAddress: Uint8Array): Link {
    const port = new PacketLink(this, index, hostAddress);
    this.#ports.set(index, port);
    return port;
  }

  detach(index: number): void {
    this.#ports.delete(index);
  }

  send(packet: Uint8Array, destination: Buffer): void {
    sysCall('send on the veth', libc().sendto(this.#fd, packet, packet.length, 0, destination, SOCKADDR_LL));
  }

  /**
   * Hands every packet that has arrived to the link of its device, and has those links woken on the next turn: what one
   * link's read takes off the socket for another, the poll no longer tells.
   */
  drain(): void {
    for (;;) {
      this.#sourceLength.writeUInt32LE(SOCKADDR_LL);
      const length = libc().recvfrom(
        this.#fd,
        this.#buffer,
        READ_BUFFER,
        0,
        this.#source,
        this.#sourceLength,
      );
      if (length < 0) {
        if (wouldBlock()) return;
        sysCall('receive from the veth', length);
      }
      const protocol = this.#source.readUInt16BE(2);
      if (protocol === ETH_P_IP || protocol === ETH_P_IPV6) {
        this.#ports.get(this.#source.readInt32LE(4))?.push(Uint8Array.from(this.#buffer.subarray(0, length)));
        this.#wakeSoon();
      }
    }
  }

  #wakeSoon(): void {
    if (this.#willWake) return;
    this.#willWake = true;
    setImmediate(() => this.#wakeAll());
  }

  #wakeAll(): void {
    this.#willWake = false;
    for (const port of this.#ports.values()) port.wake();
  }

  close(): void {
    if (this.#fd < 0) return;
    this.#poll.close();
    libc().close(this.#fd);
    this.#fd = -1;
  }

  #set(name: string, level: number, option: number, value: number): void {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32LE(value);
    sysCall(name, libc().setsockopt(this.#fd, level, option, bytes, 4));
  }
}

/** One veth of a {@link PacketSocket}, seen as a link. */
class PacketLink implements Link {
  readonly kind = 'veth';
  readonly #socket: PacketSocket;
  readonly #index: number;
  readonly #destination: Buffer;
  #queue: Uint8Array[] = [];
  #callback: (() => void) | undefined;
  #open = true;

  constructor(socket: PacketSocket, index: number, hostAddress: Uint8Array) {
    this.#socket = socket;
    this.#index = index;
    this.#destination = Buffer.alloc(SOCKADDR_LL);
    this.#destination.writeUInt16LE(AF_PACKET, 0);
    this.#destination.writeInt32LE(index, 4);
    this.#destination.writeUInt8(hostAddress.length, 11);
    this.#destination.set(hostAddress, 12);
  }

  write(packet: Uint8Array): void {
    if (!this.#open) throw new SystemCallError('write to a closed veth', 'EBADF');
    checkPacket(packet);
    this.#destination.writeUInt16BE(packet[0]! >> 4 === 6 ? ETH_P_IPV6 : ETH_P_IP, 2);
    this.#socket.send(packet, this.#destination);
  }

  read(): Uint8Array | null {
    if (this.#open && this.#queue.length === 0) this.#socket.drain();
    return this.#queue.shift() ?? null;
  }

  onReadable(callback: () => void): void {
    this.#callback = callback;
  }

  push(packet: Uint8Array): void {
    this.#queue.push(packet);
  }

  wake(): void {
    if (this.#queue.length > 0) this.#callback?.();
  }

  close(): void {
    this.#open = false;
    this.#socket.detach(this.#index);
    this.#queue = [];
  }
}

function swap16(value: number): number {
  return ((value & 0xff) << 8) | (value >> 8);
}
