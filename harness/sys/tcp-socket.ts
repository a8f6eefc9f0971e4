import { libc, sysCall, SystemCallError, errnoName } from './libc.ts';
import type { Namespace } from './namespace.ts';

/** What differs between the systems whose sockets are made by hand: numbers from their headers. */
const LINUX = {
  AF_INET: 2,
  AF_INET6: 10,
  SOL_SOCKET: 1,
  SO_REUSEADDR: 2,
  SO_RCVBUF: 8,
  SO_SNDBUF: 7,
  SO_LINGER: 13,
  SO_ERROR: 4,
  lengthByte: false,
} as const;
const BSD = {
  AF_INET: 2,
  AF_INET6: process.platform === 'darwin' ? 30 : 28,
  SOL_SOCKET: 0xffff,
  SO_REUSEADDR: 4,
  SO_RCVBUF: 0x1002,
  SO_SNDBUF: 0x1001,
  SO_LINGER: 0x80,
  SO_ERROR: 0x1007,
  lengthByte: true,
} as const;
const OS = process.platform === 'linux' ? LINUX : BSD;

const SOCK_STREAM = 1;
const IPPROTO_TCP = 6;
const TCP_NODELAY = 1;
const SIOCOUTQNSD = 0x894b;
const F_SETFD = 2;
const FD_CLOEXEC = 1;
const F_GETFL = 3;
const F_SETFL = 4;
const O_NONBLOCK = process.platform === 'linux' ? 0o4000 : 0x4;

export interface TcpSocketOptions {
  readonly family: 4 | 6;
  /** SO_RCVBUF, bytes: set before connect or listen, it bounds the window that is offered. */
  readonly receiveBuffer?: number;
  readonly reuseAddress?: boolean;
  /** @see tcpConnect for the address's form */
  readonly bind?: { readonly address: Uint8Array; readonly port: number };
}

/**
 * A non-blocking kernel TCP socket made inside a namespace, and its file descriptor: `new net.Socket({fd})` and
 * `server.listen({fd})` take it over. Node's own `net.connect` would make it a tick later, at home.
 * @throws SystemCallError when a step fails; nothing is left open
 */
export function tcpSocket(namespace: Namespace, options: TcpSocketOptions): number {
  return namespace.run(() => {
    const domain = options.family === 4 ? OS.AF_INET : OS.AF_INET6;
    const fd = sysCall('socket', libc().socket(domain, SOCK_STREAM, 0));
    try {
      libc().fcntl(fd, F_SETFD, FD_CLOEXEC);
      libc().fcntl(fd, F_SETFL, libc().fcntl(fd, F_GETFL, 0) | O_NONBLOCK);
      if (options.reuseAddress === true) setOption(fd, 'SO_REUSEADDR', OS.SO_REUSEADDR, [1]);
      if (options.receiveBuffer !== undefined)
        setOption(fd, 'SO_RCVBUF', OS.SO_RCVBUF, [options.receiveBuffer]);
      if (options.bind !== undefined) {
        const { address, port } = options.bind;
        const name = socketAddress(address, port);
        sysCall(`bind port ${port}`, libc().bind(fd, name, name.length));
      }
      return fd;
    } catch (error) {
      libc().close(fd);
      throw error;
    }
  });
}

/**
 * Starts to connect; the SYN is sent inside the call. EINPROGRESS, the usual answer, is no error.
 * @param address 4 or 16 bytes
 * @throws SystemCallError
 */
export function tcpConnect(fd: number, address: Uint8Array, port: number): void {
  const name = socketAddress(address, port);
  if (libc().connect(fd, name, name.length) < 0) {
    const errno = errnoName();
    if (errno !== 'EINPROGRESS') throw new SystemCallError(`connect to port ${port}`, errno);
  }
}

/** @throws SystemCallError EADDRINUSE and the like */
export function tcpListen(fd: number, backlog: number): void {
  sysCall('listen', libc().listen(fd, backlog));
}

/** SO_LINGER with this many seconds: 0 makes close() a RST. */
export function setLinger(fd: number, seconds: number): void {
  setOption(fd, 'SO_LINGER', OS.SO_LINGER, [1, seconds]);
}

/** TCP_NODELAY: what is sent does not wait for what was sent before it to be acknowledged. */
export function setNoDelay(fd: number): void {
  setOption(fd, 'TCP_NODELAY', TCP_NODELAY, [1], IPPROTO_TCP);
}

/** Whether an error of a connection waits to be told (SO_ERROR), such as ECONNRESET. It is told but once, here. */
export function hasFailed(fd: number): boolean {
  const value = Buffer.alloc(4);
  const length = Buffer.from([value.length, 0, 0, 0]);
  sysCall('SO_ERROR', libc().getsockopt(fd, OS.SOL_SOCKET, OS.SO_ERROR, value, length));
  return value.readInt32LE() !== 0;
}

/** How many bytes the kernel has taken and not sent once, because the peer takes no more. 0 where it does not tell (macOS). */
export function unsentBytes(fd: number): number {
  if (process.platform !== 'linux') return 0;
  const count = Buffer.alloc(4);
  return libc().ioctl(fd, SIOCOUTQNSD, count) < 0 ? 0 : count.readInt32LE();
}

/** The port that a socket is bound to. */
export function localPort(fd: number): number {
  const name = Buffer.alloc(32);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(name.length);
  sysCall('getsockname', libc().getsockname(fd, name, length));
  return name.readUInt16BE(2);
}

export function closeFd(fd: number): void {
  libc().close(fd);
}

function setOption(
  fd: number,
  name: string,
  option: number,
  values: readonly number[],
  level: number = OS.SOL_SOCKET,
): void {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => bytes.writeInt32LE(value, 4 * index));
  sysCall(name, libc().setsockopt(fd, level, option, bytes, bytes.length));
}

/** struct sockaddr_in or sockaddr_in6 */
function socketAddress(address: Uint8Array, port: number): Buffer {
  const six = address.length === 16;
  const name = Buffer.alloc(six ? 28 : 16);
  if (OS.lengthByte) {
    name.writeUInt8(name.length, 0);
    name.writeUInt8(six ? OS.AF_INET6 : OS.AF_INET, 1);
  } else {
    name.writeUInt16LE(six ? OS.AF_INET6 : OS.AF_INET, 0);
  }
  name.writeUInt16BE(port, 2);
  name.set(address, six ? 8 : 4);
  return name;
}
