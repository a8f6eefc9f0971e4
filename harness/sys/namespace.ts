import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { stat, statSync } from 'node:fs';
import { CloseWaitError } from '#core';
import { libc, sysCall } from './libc.ts';

const CLONE_NEWNET = 0x4000_0000;
const O_RDONLY_CLOEXEC = 0o2000000;
const HERE = '/proc/thread-self/ns/net';

/**
 * A network namespace, held by its file descriptor: there is no name under /run to leave behind, and the kernel ends
 * it when the last descriptor, process and socket in it are gone.
 *
 * Only synchronous work can be done inside, since the main thread itself moves in and out: whatever Node defers to a
 * later tick (`net.connect`, `listen` with a host) would run at home, on the real network. Sockets for a namespace
 * come from {@link tcpSocket}.
 */
export class Namespace {
  /** The namespace's identity: two of them are the same exactly when these are equal. */
  readonly inode: number;
  readonly #fd: number | null;

  private constructor(fd: number | null, inode: number) {
    this.#fd = fd;
    this.inode = inode;
  }

  /** The namespace that this process runs in. Elsewhere than on Linux, the machine's only network. */
  static home(): Namespace {
    return (home ??= new Namespace(null, process.platform === 'linux' ? statSync(HERE).ino : 0));
  }

  /** A new namespace with nothing but a loopback device that is down. @throws SystemCallError EPERM without CAP_SYS_ADMIN */
  static create(): Namespace {
    const { fd: homeFd } = openHome();
    // In a user namespace that kept another's network there would be no way back: find out before leaving.
    sysCall('setns home', libc().setns(homeFd, CLONE_NEWNET));
    sysCall('unshare(CLONE_NEWNET)', libc().unshare(CLONE_NEWNET));
    try {
      const fd = sysCall(`open ${HERE}`, libc().open(HERE, O_RDONLY_CLOEXEC, 0));
      return new Namespace(fd, statSync(HERE).ino);
    } finally {
      sysCall('setns home', libc().setns(homeFd, CLONE_NEWNET));
    }
  }

  /** Its descriptor, for system calls that take one; null at home. */
  get fd(): number | null {
    return this.#fd;
  }

  /**
   * Runs `work` inside. That the thread is where it should be is checked by inode before, and that it is home again
   * after: a packet in the wrong namespace is the one fault that must not happen.
   * @throws CW_NAMESPACE when it is not so, or when `work` is asynchronous
   */
  run<T>(work: () => T): T {
    if (this.#fd === null) return work();
    const { fd: homeFd, inode: homeInode } = openHome();
    sysCall('setns', libc().setns(this.#fd, CLONE_NEWNET));
    try {
      requireHere(this.inode);
      const result = work();
      if (result instanceof Promise) {
        throw new CloseWaitError('CW_NAMESPACE', 'asynchronous work was started inside a namespace');
      }
      return result;
    } finally {
      sysCall('setns home', libc().setns(homeFd, CLONE_NEWNET));
      requireHere(homeInode);
    }
  }

  /** Starts a process inside: a child is where its parent's thread was at the fork. */
  spawn(program: string, args: readonly string[], options: SpawnOptions): ChildProcess {
    return this.run(() => spawn(program, args, options));
  }

  /** Lets go of it. What still runs inside keeps it alive. */
  close(): void {
    if (this.#fd !== null) libc().close(this.#fd);
  }
}

let home: Namespace | undefined;
let homeHandle: { fd: number; inode: number } | undefined;

/** The way back, opened before the first way out. */
function openHome(): { fd: number; inode: number } {
  if (homeHandle === undefined) {
    // libuv's pool threads inherit the namespace of the thread that used the pool first: that has to be at home.
    stat('/', () => undefined);
    homeHandle = {
      fd: sysCall(`open ${HERE}`, libc().open(HERE, O_RDONLY_CLOEXEC, 0)),
      inode: statSync(HERE).ino,
    };
  }
  return homeHandle;
}

function requireHere(inode: number): void {
  const found = statSync(HERE).ino;
  if (found !== inode) {
    throw new CloseWaitError('CW_NAMESPACE', `the thread is in network namespace ${found}, not in ${inode}`);
  }
}
