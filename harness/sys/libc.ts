import koffi, { type LibraryHandle } from 'koffi';
import { CloseWaitError } from '#core';

/** Buffers are passed as they are: the C side reads or writes their memory during the call only. */
type Memory = Uint8Array | null;

/** The libc calls that Node lacks. Each returns what C returns; {@link sysCall} turns -1 into an error. */
export interface Libc {
  unshare(flags: number): number;
  setns(fd: number, type: number): number;
  open(path: string, flags: number, mode: number): number;
  close(fd: number): number;
  read(fd: number, buffer: Memory, count: number): number;
  write(fd: number, buffer: Memory, count: number): number;
  ioctl(fd: number, request: number, argument: Memory): number;
  /** ioctl with an argument that is a number, not an address. */
  ioctlNumber(fd: number, request: number, argument: number): number;
  fcntl(fd: number, command: number, argument: number): number;
  socket(domain: number, type: number, protocol: number): number;
  bind(fd: number, address: Memory, length: number): number;
  connect(fd: number, address: Memory, length: number): number;
  listen(fd: number, backlog: number): number;
  setsockopt(fd: number, level: number, name: number, value: Memory, length: number): number;
  getsockopt(fd: number, level: number, name: number, value: Memory, length: Memory): number;
  getsockname(fd: number, address: Memory, length: Memory): number;
  shutdown(fd: number, how: number): number;
  send(fd: number, buffer: Memory, count: number, flags: number): number;
  recv(fd: number, buffer: Memory, count: number, flags: number): number;
  sendto(fd: number, buffer: Memory, count: number, flags: number, address: Memory, length: number): number;
  recvfrom(fd: number, buffer: Memory, count: number, flags: number, address: Memory, length: Memory): number;
  epoll_create1(flags: number): number;
  epoll_ctl(epoll: number, operation: number, fd: number, event: Memory): number;
  epoll_wait(epoll: number, events: Memory, count: number, timeoutMs: number): number;
  prctl(option: number, a: number, b: number, c: number, d: number): number;
  prlimit(pid: number, resource: number, value: Memory, old: Memory): number;
}

/** ioctl, fcntl and open are variadic in C; the calling conventions of Linux make no difference for these arguments. */
const SIGNATURES: Readonly<Record<keyof Libc, readonly [string, readonly string[]]>> = {
  unshare: ['int', ['int']],
  setns: ['int', ['int', 'int']],
  open: ['int', ['str', 'int', 'int']],
  close: ['int', ['int']],
  read: ['int', ['int', 'void *', 'size_t']],
  write: ['int', ['int', 'void *', 'size_t']],
  ioctl: ['int', ['int', 'ulong', 'void *']],
  ioctlNumber: ['int', ['int', 'ulong', 'ulong']],
  fcntl: ['int', ['int', 'int', 'int']],
  socket: ['int', ['int', 'int', 'int']],
  bind: ['int', ['int', 'void *', 'uint']],
  connect: ['int', ['int', 'void *', 'uint']],
  listen: ['int', ['int', 'int']],
  setsockopt: ['int', ['int', 'int', 'int', 'void *', 'uint']],
  getsockopt: ['int', ['int', 'int', 'int', 'void *', 'void *']],
  getsockname: ['int', ['int', 'void *', 'void *']],
  shutdown: ['int', ['int', 'int']],
  send: ['int', ['int', 'void *', 'size_t', 'int']],
  recv: ['int', ['int', 'void *', 'size_t', 'int']],
  sendto: ['int', ['int', 'void *', 'size_t', 'int', 'void *', 'uint']],
  recvfrom: ['int', ['int', 'void *', 'size_t', 'int', 'void *', 'void *']],
  epoll_create1: ['int', ['int']],
  epoll_ctl: ['int', ['int', 'int', 'int', 'void *']],
  epoll_wait: ['int', ['int', 'void *', 'int', 'int']],
  prctl: ['int', ['int', 'ulong', 'ulong', 'ulong', 'ulong']],
  prlimit: ['int', ['int', 'int', 'void *', 'void *']],
};

let loaded: Libc | undefined;

/** libc, bound at the first call. A function that this system lacks fails when it is called, not here. @throws CW_LIBC */
export function libc(): Libc {
  if (loaded !== undefined) return loaded;
  try {
    // The process is linked with libc: its own symbols are the right ones on glibc, musl and macOS alike.
    const library = koffi.load(null);
    loaded = Object.fromEntries(
      Object.entries(SIGNATURES).map(([name, [result, args]]) => [
        name,
        bindFunction(library, name.replace('Number', ''), result, args),
      ]),
    ) as unknown as Libc;
    return loaded;
  } catch (cause) {
    throw new CloseWaitError('CW_LIBC', `libc cannot be called on ${process.platform} ${process.arch}`, {
      cause,
    });
  }
}

type Bound = (...args: unknown[]) => number;

function bindFunction(library: LibraryHandle, name: string, result: string, args: readonly string[]): Bound {
  try {
    return library.func(name, result, [...args]) as Bound;
  } catch (cause) {
    return () => {
      throw new CloseWaitError('CW_LIBC', `libc on ${process.platform} has no ${name}()`, { cause });
    };
  }
}

const ERRNO_NAMES = new Map(Object.entries(koffi.os.errno).map(([name, value]) => [value, name]));

/** The name of the last call's errno: `EAGAIN`. */
export function errnoName(): string {
  return errnoNameOf(koffi.errno());
}

/** The name of an errno's number: 11 to `EAGAIN`. */
export function errnoNameOf(value: number): string {
  return ERRNO_NAMES.get(value) ?? `errno ${value}`;
}

/** Whether the last call failed only because it would have had to wait. */
export function wouldBlock(): boolean {
  return koffi.errno() === koffi.os.errno['EAGAIN'];
}

/** An error for a system call that failed; `errno` is on it for those who decide by it. */
export class SystemCallError extends CloseWaitError {
  readonly errno: string;

  constructor(call: string, errno: string) {
    super('CW_SYSTEM_CALL', `${call}: ${errno}`);
    this.errno = errno;
  }
}

/** Passes a result through. @throws SystemCallError when it is -1; `call` names the call and its object */
export function sysCall(call: string, result: number): number {
  if (result < 0) throw new SystemCallError(call, errnoName());
  return result;
}
