import koffi, { type node } from 'koffi';
import { libc, sysCall } from './libc.ts';

const EPOLL_CLOEXEC = 0o2000000;
const EPOLL_CTL_ADD = 1;
const EPOLL_CTL_DEL = 2;
const EPOLLERR = 8;
/** struct epoll_event is packed on x64 alone: 4 bytes of events, then 8 of the user's. */
const DATA = process.arch === 'x64' ? 4 : 8;
const SIZE = DATA + 8;
const AT_ONCE = 64;

/** A watch on one descriptor. */
export interface HangUpWatch {
  /** To be called when its descriptor has been closed: the kernel has forgotten it then, and the number may be another's. */
  forget(): void;
}

interface Watched {
  readonly fd: number;
  readonly callback: (reset: boolean) => void;
}

let epoll: number | undefined;
/** Kept: a handle that is collected stops to poll. */
let poll: node.PollHandle | undefined;
let lastId = 0;
const watched = new Map<number, Watched>();

/**
 * Calls back once when a TCP socket has been reset, or with false when it is shut down in both directions. Node stops to
 * look at a socket that it has read to its end, or that is paused: a RST behind the FIN would be noticed at the next write
 * only. Nothing is read.
 * @returns null where there is no epoll (macOS)
 * @throws SystemCallError
 */
export function watchHangUp(fd: number, callback: (reset: boolean) => void): HangUpWatch | null {
  if (process.platform !== 'linux') return null;
  epoll ??= open();
  const id = ++lastId;
  // No events asked for: EPOLLERR and EPOLLHUP are always reported, and nothing else wakes us.
  const event = Buffer.alloc(SIZE);
  event.writeUInt32LE(id, DATA);
  sysCall(`watch descriptor ${fd}`, libc().epoll_ctl(epoll, EPOLL_CTL_ADD, fd, event));
  watched.set(id, { fd, callback });
  return { forget: () => watched.delete(id) };
}

/** One epoll for all: it is itself readable when any of its sockets has something. */
function open(): number {
  const fd = sysCall('epoll_create1', libc().epoll_create1(EPOLL_CLOEXEC));
  const events = Buffer.alloc(SIZE * AT_ONCE);
  poll = koffi.node.poll(fd, () => {
    const count = libc().epoll_wait(fd, events, AT_ONCE, 0);
    for (let at = 0; at < count * SIZE; at += SIZE)
      ring(fd, events.readUInt32LE(at + DATA), (events.readUInt32LE(at) & EPOLLERR) !== 0);
  });
  // It keeps no process alive.
  poll.unref();
  return fd;
}

function ring(fd: number, id: number, reset: boolean): void {
  const entry = watched.get(id);
  if (entry === undefined) return;
  watched.delete(id);
  libc().epoll_ctl(fd, EPOLL_CTL_DEL, entry.fd, Buffer.alloc(SIZE));
  entry.callback(reset);
}
